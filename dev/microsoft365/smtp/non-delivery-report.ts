import { randomUUID } from 'node:crypto';
import { readHeader } from './message-header.ts';

/**
 * What Exchange sends back for a recipient that does not exist: a multipart/report (RFC 3462) with a delivery status
 * (RFC 3464) and the message.
 */
export function createNonDeliveryReport(to: string, recipient: string, original: Buffer): Buffer {
  const header = readHeader(original);
  const domain = to.slice(to.lastIndexOf('@') + 1);
  const messageId = header.value('Message-ID');
  const boundary = randomUUID();
  const diagnostic = '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup';
  const lines = [
    'Return-Path: <>',
    `From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@${domain}>`,
    `To: <${to}>`,
    `Date: ${smtpDate(new Date())}`,
    `Message-ID: <${randomUUID()}@${domain}>`,
    ...(messageId === undefined ? [] : [`In-Reply-To: ${messageId}`, `References: ${messageId}`]),
    `Subject: Undeliverable: ${header.value('Subject') ?? ''}`,
    'Auto-Submitted: auto-replied',
    'X-MS-Exchange-Message-Is-Ndr:',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Your message to ${recipient} couldn't be delivered.`,
    '',
    `${recipient} wasn't found at ${domain}.`,
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns;localhost',
    `Arrival-Date: ${smtpDate(new Date())}`,
    '',
    `Final-Recipient: rfc822;${recipient}`,
    'Action: failed',
    'Status: 5.1.10',
    `Diagnostic-Code: smtp;${diagnostic}`,
    '',
    `--${boundary}`,
    'Content-Type: message/rfc822',
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n')), original, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

/** A time as mail writes it (RFC 5322 section 3.3), in UTC. */
export function smtpDate(time: Date): string {
  return time.toUTCString().replace('GMT', '+0000');
}
