/** Walks through the laptop's Microsoft sign-in to its end. Answers the page Postern shows there. */
export async function walkSignIn(authorizeUrl: string, person: Person = {}): Promise<Response> {
  return fetch(await signInRedirect(authorizeUrl, person));
}

/** Who sits before the pages, and what they press. */
interface Person {
  /** Left out: the first one on the page, as somebody in a hurry does. */
  as?: string;
  /** On the page that asks for consent. */
  answer?: 'accept' | 'cancel';
}

/**
 * Walks through Microsoft's pages as a person would and answers where Microsoft sends the browser in the end, without
 * going there.
 */
export async function signInRedirect(authorizeUrl: string, { as, answer = 'accept' }: Person = {}): Promise<URL> {
  let response = await fetch(authorizeUrl, { redirect: 'manual' });
  for (let step = 0; step < 5; step++) {
    const location = response.headers.get('location');
    if (location !== null) return new URL(location);
    const html = await response.text();
    const form = /<form[^>]* action="([^"]+)"/.exec(html)?.[1];
    const flow = /name="flow" value="([^"]+)"/.exec(html)?.[1];
    // The page that says that only an administrator may consent has nothing but a way back.
    const back = /<a href="([^"]+)">Return/.exec(html)?.[1];
    if (back !== undefined) return new URL(unescape(back));
    if (form === undefined || flow === undefined) throw new Error(`Nothing to press at ${response.url}: ${html}`);
    const first = /name="account" value="([^"]+)"/.exec(html)?.[1];
    const pressed: Record<string, string> = first === undefined ? { answer } : { account: as ?? unescape(first) };
    response = await fetch(new URL(form, response.url), {
      method: 'POST',
      body: new URLSearchParams({ flow, ...pressed }),
      redirect: 'manual',
    });
  }
  throw new Error('The sign-in has more pages than expected.');
}

/** HTML's escapes undone. */
export function unescape(html: string): string {
  return html
    .replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
