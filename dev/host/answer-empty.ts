import type { ServerResponse } from 'node:http';

/** Answers with a status and nothing else; an answer that has begun is cut off instead. */
export function answerEmpty(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  response.end();
}
