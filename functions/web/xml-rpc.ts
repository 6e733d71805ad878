import { GatewayError } from '../shared/errors.ts';

/** A parameter of a call: what Odoo's mail gateway needs of XML-RPC (http://xmlrpc.com/spec.md) and no more. */
export type XmlRpcValue = string | number | boolean | readonly XmlRpcValue[] | Readonly<Record<string, never>>;

/** What stands in for bytes that are streamed into the place. */
export const bytesGoHere = '\u0000';

/** The other side reports an error of its own. */
export class XmlRpcFault extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.name = 'XmlRpcFault';
    this.code = code;
  }
}

/** A call as XML, in UTF-8; with bytes among its parameters it comes in two parts, between which their base64 belongs. */
export function writeCall(method: string, parameters: readonly XmlRpcValue[]): string[] {
  const written = parameters.map((parameter) => `<param>${write(parameter)}</param>`).join('');
  const call = `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${written}</params></methodCall>`;
  return call.split(bytesGoHere);
}

function write(value: XmlRpcValue): string {
  return `<value>${typed(value)}</value>`;
}

function typed(value: XmlRpcValue): string {
  if (value === bytesGoHere) return `<base64>${bytesGoHere}</base64>`;
  if (typeof value === 'string') return `<string>${escape(value)}</string>`;
  if (typeof value === 'number') return `<int>${value}</int>`;
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (Array.isArray(value)) {
    const items = (value as readonly XmlRpcValue[]).map(write).join('');
    return `<array><data>${items}</data></array>`;
  }
  return '<struct></struct>';
}

/**
 * The number or truth that a call was answered with; undefined where it is something else, which nobody here waits for.
 * @throws XmlRpcFault when it was answered with one, GatewayError `destination-refused` when it is no answer at all
 */
export function readAnswer(xml: string): number | boolean | undefined {
  const fault = /<fault>(.*?)<\/fault>/s.exec(xml)?.[1];
  if (fault !== undefined) {
    const code = /<name>faultCode<\/name>\s*<value>\s*<(?:int|i4)>\s*(-?\d+)/.exec(fault)?.[1];
    const text = /<name>faultString<\/name>\s*<value>(?:\s*<string>)?(.*?)<\//s.exec(fault)?.[1] ?? '';
    throw new XmlRpcFault(Number(code ?? 0), unescape(text));
  }
  if (!xml.includes('<methodResponse>')) {
    throw new GatewayError('destination-refused', 'The address does not answer as Odoo does (XML-RPC).', {
      data: { remedy: 'Check the URL of the Odoo server: its address without a path.' },
    });
  }
  const int = /<value>\s*<(?:int|i4)>\s*(-?\d+)/.exec(xml)?.[1];
  if (int !== undefined) return Number(int);
  const truth = /<value>\s*<boolean>\s*([01])/.exec(xml)?.[1];
  return truth === undefined ? undefined : truth === '1';
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
