import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createCertificateAuthority } from '../../dev/certificates.ts';

export interface AppForTest {
  readonly hostName: string;
  /** What a process of its own must trust to reach it, PEM. */
  readonly authority: string;
  /** What /health answers: each request the next of these, from then on the last. */
  answers: { status: number; body: string }[];
  /** Paths it was asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** A web server with a certificate that this process trusts, in the place of the app in Azure. */
export async function startAppForTest(): Promise<AppForTest> {
  const authority = await createCertificateAuthority();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
  const asked: string[] = [];
  const app = { answers: [{ status: 200, body: '{"status":"ok"}' }], asked };
  const server = createServer(await authority.issue(['localhost']), (request, response) => {
    asked.push(request.url ?? '');
    const answer = app.answers.length > 1 ? app.answers.shift() : app.answers[0];
    response.writeHead(answer?.status ?? 500, { connection: 'close' }).end(answer?.body);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return Object.assign(app, {
    authority: authority.certificate,
    hostName: `localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  });
}
