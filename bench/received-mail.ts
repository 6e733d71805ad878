/**
 * Mail as a mailbox has it: half of it below 13 KB, one in 40 over a megabyte, one in 400 over ten. The same at every run.
 */
export function receivedMail(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => mailOf(index, sizeOf(index)));
}

function sizeOf(index: number): number {
  if (index % 400 === 200) return 11_000_000;
  if (index % 40 === 20) return 1_200_000 + (index % 7) * 100_000;
  // From 2 to 80 KB, small ones more often.
  const share = ((index * 37) % 100) / 100;
  return Math.round(2_000 * 40 ** share);
}

const line = 'Mail is read so that it arrives, whole and once, and nothing is lost.\r\n';
/** What people write is short; the rest is what they attach. */
const textLines = 40;

function mailOf(index: number, size: number): Buffer {
  const content = Buffer.alloc(Math.round((size * 57) / 78), `${index} `)
    .toString('base64')
    .replaceAll(/.{76}/g, '$&\r\n');
  return Buffer.from(
    [
      'From: Grace Hopper <grace@contoso.example>',
      'To: ada@contoso.example',
      `Subject: Mail ${index}`,
      `Message-ID: <bench-${index}@contoso.example>`,
      'Date: Mon, 23 Nov 2026 10:00:00 +0000',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=part',
      '',
      '--part',
      'Content-Type: text/plain; charset=utf-8',
      '',
      line.repeat(Math.min(textLines, Math.floor(size / line.length))),
      '--part',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename=report.bin',
      'Content-Transfer-Encoding: base64',
      '',
      content,
      '--part--',
      '',
    ].join('\r\n'),
  );
}
