import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of an Odoo server as its mail gateway needs: XML-RPC, one database, one user. */
export interface OdooServer {
  readonly url: string;
  /** The mails it took in, octet by octet. */
  readonly mails: Buffer[];
  /** The methods that were called. */
  readonly calls: string[];
  /** What the next call for a mail is answered with: a fault's code and text. */
  fail(code: number, text: string): void;
  stop(): Promise<void>;
}

export const odooLogin = { database: 'company', username: 'gateway@contoso.example', apiKey: 'odoo-canary-0123456789' };

const int = (value: number) => `<params><param><value><int>${value}</int></value></param></params>`;
const no = '<params><param><value><boolean>0</boolean></value></param></params>';
const fault = (code: number, text: string) =>
  `<fault><value><struct><member><name>faultCode</name><value><int>${code}</int></value></member>` +
  `<member><name>faultString</name><value><string>${text}</string></value></member></struct></value></fault>`;

export async function startOdooServer(): Promise<OdooServer> {
  const mails: Buffer[] = [];
  const calls: string[] = [];
  let failure: string | undefined;

  function answer(path: string, xml: string): string {
    const method = /<methodName>(\w+)<\/methodName>/.exec(xml)?.[1] ?? '';
    calls.push(method);
    const texts = Array.from(xml.matchAll(/<string>(.*?)<\/string>/gs), ([, text]) => text);
    if (path === '/xmlrpc/2/common') {
      const { database, username, apiKey } = odooLogin;
      return texts.join() === [database, username, apiKey].join() ? int(7) : no;
    }
    if (texts.join() !== [odooLogin.database, odooLogin.apiKey, 'mail.thread', 'message_process'].join()) {
      return fault(3, 'Access Denied');
    }
    const failed = failure;
    failure = undefined;
    if (failed !== undefined) return failed;
    mails.push(Buffer.from(/<base64>(.*?)<\/base64>/s.exec(xml)?.[1] ?? '', 'base64'));
    return int(42);
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = answer(request.url ?? '', Buffer.concat(chunks).toString());
      response
        .setHeader('content-type', 'text/xml')
        .end(`<?xml version='1.0'?><methodResponse>${body}</methodResponse>`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    calls,
    fail(code, text) {
      failure = fault(code, text);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
