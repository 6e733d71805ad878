/** The mail that is sent: some 13 KB, to one recipient. */
export const sender = 'ada@contoso.example';
export const recipient = 'somebody@elsewhere.example';
export const subject = 'Bench';
export const text = 'Mail is sent so that it arrives, once and soon.\r\n'.repeat(270);
