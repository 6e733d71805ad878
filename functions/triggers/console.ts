import { app } from '@azure/functions';
import { consoleAnswer } from '../http/console-answer.ts';
import { createConsoleFiles, type ConsoleFile } from '../http/console-files.ts';
import { answerHeaders, problemResponse } from '../http/handle.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';

const files = createConsoleFiles(new URL('../console/', import.meta.url));

/**
 * The console: a page, and what it loads. It knows no settings and no services. The host tries functions in the order of
 * their names, so this one's comes after those of the calls below /console.
 */
app.http('serveConsole', {
  methods: ['GET', 'HEAD'],
  route: 'console/{*path}',
  authLevel: 'anonymous',
  handler: async (request, context) => {
    try {
      const { headers, ...answer } = consoleAnswer(await fileAt(new URL(request.url).pathname), (name) =>
        request.headers.get(name),
      );
      return { ...answer, headers: { ...answerHeaders(request, context), ...headers } };
    } catch (thrown) {
      return problemResponse(toGatewayError(thrown), request, context);
    }
  },
});

async function fileAt(path: string): Promise<ConsoleFile> {
  const found = await files.find(path.slice('/console/'.length));
  if (found === undefined) throw new GatewayError('not-found', `The console has no ${path.slice(0, 200)}.`);
  if (found !== 'unbuilt') return found;
  throw new GatewayError('not-found', 'The console has not been built.', { data: { remedy: 'npm run build' } });
}
