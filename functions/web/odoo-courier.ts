import { Readable } from 'node:stream';
import type { Courier } from '../events/courier.ts';
import type { Odoo } from '../events/destination.ts';
import { GatewayError } from '../shared/errors.ts';
import { hashKey } from '../shared/ids.ts';
import type { Secret } from '../shared/secret.ts';
import type { Post } from './guarded-request.ts';
import { bytesGoHere, readAnswer, writeCall, XmlRpcFault, type XmlRpcValue } from './xml-rpc.ts';

/** Odoo works on a mail before it answers. */
const timeout = 120_000;
const answerLimit = 256 * 1024;
const longestFault = 500;

interface Bytes {
  readonly size: number;
  readonly stream: Readable;
}

/**
 * Gives received mail to Odoo as its own mail gateway does (odoo-mailgate.py): `mail.thread.message_process` over XML-RPC,
 * the one interface of Odoo 8 to 21 that takes the octets as they are. Odoo drops what has a Message-ID it knows, so that
 * giving a mail twice does no harm. Of other events it only looks whether Odoo lets us in.
 */
export function createOdooCourier(post: Post): Courier<Odoo> {
  const userIds = new Map<string, number>();

  async function call(url: string, parameters: [string, readonly XmlRpcValue[]], signal: AbortSignal, bytes?: Bytes) {
    const parts = writeCall(...parameters).map((part) => Buffer.from(part));
    const length = parts.reduce((sum, part) => sum + part.byteLength, 0) + base64Length(bytes?.size ?? 0);
    const answer = await post({
      url,
      headers: { 'content-type': 'text/xml; charset=utf-8', 'content-length': String(length) },
      body: Readable.from(between(parts, bytes?.stream), { objectMode: false }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      answerLimit,
    });
    if (answer.status !== 200) {
      throw new GatewayError('destination-refused', `Odoo answered ${answer.status}.`, {
        data: {
          upstream: { protocol: 'http', code: String(answer.status) },
          remedy: 'Check the URL of the Odoo server: its address without a path; redirects are not followed.',
        },
      });
    }
    return readAnswer(answer.body);
  }

  async function userIdOf(odoo: Odoo, apiKey: string, signal: AbortSignal): Promise<number> {
    const known = userIds.get(keyOf(odoo, apiKey));
    if (known !== undefined) return known;
    const { database, username } = odoo;
    const id = await call(`${odoo.url}/xmlrpc/2/common`, ['authenticate', [database, username, apiKey, {}]], signal);
    if (typeof id !== 'number') throw loginRefused(odoo);
    userIds.set(keyOf(odoo, apiKey), id);
    return id;
  }

  return async ({ destination: odoo, parcel: { mail }, secrets, signal }) => {
    const apiKey = revealed(secrets);
    try {
      const userId = await userIdOf(odoo, apiKey, signal);
      if (mail === undefined) return;
      const login = [odoo.database, userId, apiKey];
      const process = ['mail.thread', 'message_process', [false, bytesGoHere], {}];
      const bytes = { size: mail.size, stream: await mail.open() };
      await call(`${odoo.url}/xmlrpc/2/object`, ['execute_kw', [...login, ...process]], signal, bytes);
    } catch (thrown) {
      userIds.delete(keyOf(odoo, apiKey));
      throw thrown instanceof XmlRpcFault ? toRefusal(thrown, odoo) : thrown;
    }
  };
}

function revealed([secret]: readonly Secret[]): string {
  return secret?.reveal() ?? '';
}

function keyOf({ url, database, username }: Odoo, apiKey: string): string {
  return hashKey([url, database, username, apiKey].join('\n'));
}

function base64Length(octets: number): number {
  return Math.ceil(octets / 3) * 4;
}

/** The parts of a call with the bytes in base64 between them. */
async function* between([first, ...rest]: readonly Buffer[], bytes: Readable | undefined) {
  yield first ?? '';
  let left: Buffer = Buffer.alloc(0);
  for await (const chunk of (bytes ?? []) as AsyncIterable<Uint8Array>) {
    const octets = Buffer.concat([left, chunk]);
    const whole = octets.byteLength - (octets.byteLength % 3);
    left = octets.subarray(whole);
    yield octets.toString('base64', 0, whole);
  }
  yield left.toString('base64');
  yield* rest;
}

/** Odoo's faults: 3 is a refused login, 4 a missing right, anything else what the program raised. */
function toRefusal({ code, message }: XmlRpcFault, odoo: Odoo): GatewayError {
  if (code === 3) return loginRefused(odoo);
  const said = (message.trim().split('\n').at(-1) ?? '').slice(0, longestFault);
  if (code === 4) {
    return new GatewayError('destination-refused', `Odoo does not let ${odoo.username} take in mail: ${said}`, {
      data: { remedy: 'Give the user the right to create what the mail becomes, for instance as an administrator.' },
    });
  }
  if (/no possible route/i.test(message)) {
    return new GatewayError('event-refused', `Odoo has no place for this mail: ${said}`, {
      data: {
        remedy:
          'Give its recipient an alias in Odoo (Settings, Technical, Aliases) or a catchall, then retry the delivery: POST /v1/deliveries/{id}/retry.',
      },
    });
  }
  return new GatewayError('destination-refused', `Odoo could not take the mail: ${said}`);
}

function loginRefused({ username, database }: Odoo): GatewayError {
  return new GatewayError('destination-refused', `Odoo refuses ${username} in the database ${database}.`, {
    data: {
      remedy: 'Make an API key for this user (Preferences, Account Security), and set it with PATCH {"apiKey"}.',
    },
  });
}
