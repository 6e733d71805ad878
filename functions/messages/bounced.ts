import type { DeliveryReport, ReportedRecipient } from '../received/delivery-report.ts';
import { normalise } from '../shared/address.ts';
import { withEntry } from './message-history.ts';
import type { Message, RecipientState } from './message.ts';

/** What a report tells of a message that was not known yet. */
export interface Bounced {
  readonly message: Message;
  /** Those that have now bounced. */
  readonly recipients: readonly RecipientState[];
}

/**
 * The message after a report about it: whose mail came back is `bounced`, and so is the message; a delay is noted.
 * Undefined when the report says nothing new about any of its recipients.
 */
export function bounced(message: Message, report: DeliveryReport, now: Date): Bounced | undefined {
  const failures = recipientsIn(message, report, 'failed').flatMap(([{ address, status }, { code, reason }]) =>
    status === 'bounced'
      ? []
      : [{ address, status: 'bounced' as const, ...(code !== undefined && { code }), reply: reason }],
  );
  const at = now.toISOString();
  if (failures.length > 0) {
    const changed = new Map(failures.map((recipient) => [recipient.address, recipient]));
    const detail = failures.map(({ address, reply }) => `${address}: ${reply}`).join('; ');
    return {
      message: {
        ...message,
        status: 'bounced',
        recipients: message.recipients.map((recipient) => changed.get(recipient.address) ?? recipient),
        history: withEntry(message.history, { at, status: 'bounced', detail }),
      },
      recipients: failures,
    };
  }
  const delays = recipientsIn(message, report, 'delayed').map(([{ address }]) => address);
  if (delays.length === 0) return undefined;
  const detail = `Delayed on the way to ${delays.join(', ')}`.slice(0, longestDetail);
  const isNoted = message.history.some((entry) => entry.detail === detail);
  const entry = { at, status: message.status, detail };
  return isNoted ? undefined : { message: { ...message, history: withEntry(message.history, entry) }, recipients: [] };
}

const longestDetail = 1000;

/** The message's recipients that the report names; where it names somebody else, its only recipient is meant. */
function recipientsIn(
  { recipients }: Message,
  report: DeliveryReport,
  action: ReportedRecipient['action'],
): [RecipientState, ReportedRecipient][] {
  return report.recipients
    .filter((reported) => reported.action === action)
    .flatMap((reported) => {
      const names = reported.addresses.map(normalise);
      const named = recipients.filter(({ address }) => names.includes(normalise(address)));
      const meant = named.length === 0 && recipients.length === 1 ? recipients : named;
      return meant.map((recipient): [RecipientState, ReportedRecipient] => [recipient, reported]);
    });
}
