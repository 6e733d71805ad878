// Delivers to a mailbox kept in the folder named, and prints each UID when its message is said to be kept, until killed.
import { createMailbox } from '../../../dev/microsoft365/mailboxes/mailbox.ts';
import { createMessageFiles } from '../../../dev/microsoft365/mailboxes/message-files.ts';

const mailbox = createMailbox('anna@contoso.test', [], createMessageFiles(process.argv[2] ?? ''));
const raw = Buffer.from(`Subject: large\r\n\r\n${'x'.repeat(200_000)}`);

function deliver() {
  process.stdout.write(`${mailbox.append('INBOX', raw)}\n`);
  setImmediate(deliver);
}
deliver();
