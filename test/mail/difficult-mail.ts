import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';

export const raw = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)));
export const lines = (...each: string[]) => raw(each.join('\r\n'));
export const multipart = (kind: string, ...parts: string[][]) =>
  lines(`Content-Type: multipart/${kind}; boundary=x`, '', ...parts.flatMap((part) => ['--x', ...part]), '--x--');

/** What is read of a mail, without what it does not have. */
export async function read(mail: Buffer): Promise<Record<string, unknown>> {
  const { flags, recipients, references, attachments, ...parsed } = await mimeParser.parse(mail);
  const files = attachments.map(({ content, ...each }) => ({
    ...each,
    content: Buffer.from(content).toString('latin1'),
  }));
  const all: Record<string, unknown> = { ...parsed, references, attachments: files };
  const isThere = ([, value]: [string, unknown]) => value !== '' && (!Array.isArray(value) || value.length > 0);
  return Object.fromEntries(Object.entries(all).filter(isThere));
}

export const file = (filename: string, contentType = 'text/plain', content = 'x', more: object = {}) => ({
  attachments: [{ filename, contentType, size: content.length, disposition: 'attachment', content, ...more }],
});

/** The same of a mail as a part of another that has a file too, so large that it is cut out before the rest is parsed. */
export async function readBesideFile(mail: Buffer): Promise<Record<string, unknown>> {
  const content = 'large '.repeat(5000);
  const [head = '', body = ''] = splitAtEmptyLine(mail.toString('latin1'));
  const fields = head.split(/\r?\n(?![ \t])/);
  const isOfPart = (field: string) => /^content-/i.test(field);
  const around = [
    ...[
      ...fields.filter((field) => field !== '' && !isOfPart(field)),
      'Content-Type: multipart/mixed; boundary=around',
    ],
    ...['', '--around', ...fields.filter(isOfPart), '', body],
    ...['--around', 'Content-Type: application/pdf; name=large.pdf', 'Content-Transfer-Encoding: base64', ''],
    ...[Buffer.from(content).toString('base64').replaceAll(/.{76}/g, '$&\r\n'), '--around--'],
  ];
  const { attachments, ...others } = await read(Buffer.from(around.join('\r\n'), 'latin1'));
  const files = attachments as { filename: string; content: string }[];
  const last = files.pop();
  if (last?.filename !== 'large.pdf' || last.content !== content)
    throw new Error('The file beside it is not as it was');
  return files.length === 0 ? others : { ...others, attachments: files };
}

function splitAtEmptyLine(mail: string): string[] {
  const { index, 0: line } = /(?:^|\r?\n)\r?\n/.exec(mail) ?? { index: mail.length, 0: '' };
  // The last line end of a part belongs to the delimiter behind it.
  return [mail.slice(0, index), mail.slice(index + line.length).replace(/\r?\n$/, '')];
}
