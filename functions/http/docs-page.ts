import { errorCodes } from '../shared/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { escape, page } from './pages.ts';
import { statusOf } from './problems.ts';

/** A page to read the API on: its calls by topic, and every problem with who must act. */
export function docsPage(endpoints: readonly Endpoint[]): string {
  const topics = [...new Set(endpoints.map(({ topic }) => topic))];
  const calls = topics.map(
    (topic) =>
      `<h2>${escape(topic)}</h2><dl>${endpoints
        .filter((each) => each.topic === topic)
        .map(callOf)
        .join('')}</dl>`,
  );
  const problems = Object.entries(errorCodes).map(
    ([code, { title, actor, tryAgain }]) =>
      `<dt id="${code}"><code>${code}</code></dt><dd>${statusOf[code as keyof typeof statusOf]}. ${escape(title)}. The ${actor} must act; trying again helps ${tryAgain}.</dd>`,
  );
  return page(
    'API',
    `<h1>The API of Postern</h1>
     <p>Its full description, for programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
     ${calls.join('')}
     <h2>Problems</h2><dl>${problems.join('')}</dl>`,
    'wide',
  );
}

function callOf({ method, route, access, summary }: Endpoint): string {
  return `<dt><code>${method} /${escape(route)}</code></dt><dd>${escape(summary)} <small>(${escape(access)})</small></dd>`;
}
