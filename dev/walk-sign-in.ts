/**
 * Walks through the laptop's Microsoft sign-in as a person would: picks the account, accepts or declines, and follows
 * Microsoft's redirect back. Answers the page Postern shows at the end.
 */
export async function walkSignIn(
  authorizeUrl: string,
  { as, answer = 'accept' }: { as?: string; answer?: 'accept' | 'cancel' } = {},
): Promise<Response> {
  const url = new URL(authorizeUrl);
  if (as !== undefined) {
    // Somebody who is not the one hinted at picks another account.
    url.searchParams.delete('login_hint');
    url.searchParams.set('prompt', 'select_account');
  }
  let response = await fetch(url, { redirect: 'manual' });
  for (let step = 0; step < 5; step++) {
    const location = response.headers.get('location');
    if (location !== null) return fetch(new URL(location, response.url), { redirect: 'manual' });
    const html = await response.text();
    const form = /<form[^>]* action="([^"]+)"/.exec(html)?.[1];
    const flow = /name="flow" value="([^"]+)"/.exec(html)?.[1];
    if (form === undefined || flow === undefined)
      throw new Error(`No form to fill in at ${response.url}: ${html.slice(0, 500)}`);
    const fields = html.includes('name="account"') ? { account: as ?? '' } : { answer };
    response = await fetch(new URL(form, response.url), {
      method: 'POST',
      body: new URLSearchParams({ flow, ...fields } as Record<string, string>),
      redirect: 'manual',
    });
  }
  throw new Error('The sign-in has more pages than expected.');
}
