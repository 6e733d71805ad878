import { expect, test } from 'vitest';
import { createDirectory } from '../../../dev/microsoft365/directory.ts';

const anna = { address: 'Anna@contoso.test', name: 'Anna', aliases: ['a@contoso.test'] };
const bert = { address: 'bert@contoso.test', name: 'Bert' };
const sales = { address: 'sales@contoso.test', name: 'Sales', members: ['a@contoso.test'] };

test('addresses are found without regard to case, aliases too', () => {
  const directory = createDirectory([anna, bert], [sales]);
  expect(directory.user('A@CONTOSO.TEST')).toBe(anna);
  expect(directory.user('sales@contoso.test')).toBeUndefined();
  expect(directory.mailboxOf('a@contoso.test')).toBe('Anna@contoso.test');
  expect(directory.mailboxOf('SALES@contoso.test')).toBe('sales@contoso.test');
  expect(directory.isLocal('nobody@Contoso.Test')).toBe(true);
  expect(directory.isLocal('nobody@example.com')).toBe(false);
  expect(directory.mailboxes).toEqual(['Anna@contoso.test', 'bert@contoso.test', 'sales@contoso.test']);
});

test('a member may open and send as the shared mailbox, others may not', () => {
  const directory = createDirectory([anna, bert], [sales]);
  expect(directory.mayOpen(anna, 'sales@contoso.test') && directory.maySendAs(anna, 'Sales@contoso.test')).toBe(true);
  expect(directory.mayOpen(bert, 'sales@contoso.test') || directory.maySendAs(bert, 'sales@contoso.test')).toBe(false);
  expect(directory.mayOpen(anna, bert.address) || directory.maySendAs(anna, bert.address)).toBe(false);
});

test('an address used twice, or a member who is no user, is refused', () => {
  expect(() => createDirectory([anna, { ...bert, aliases: ['A@contoso.test'] }], [])).toThrow('used twice');
  expect(() => createDirectory([anna], [{ ...sales, members: ['bert@contoso.test'] }])).toThrow('is no user');
});
