import { describe, expect, test } from 'vitest';
import {
  applyRules,
  labelOf,
  type IncomingRule,
  type JudgedMail,
  type RuleMatch,
} from '../../functions/servers/incoming-rule.ts';

const flags = { autoReply: false, bounce: false, list: false, readReceipt: false };
const mail: JudgedMail = {
  from: 'Grace@Navy.example',
  recipients: ['ada@contoso.com', 'sales+eu@contoso.com'],
  subject: 'Invoice 17: Grüße aus STRASSE',
  flags: { ...flags, list: true },
};
const rule = (match: RuleMatch, then: IncomingRule['then'] = 'park', name?: string): IncomingRule => ({
  name,
  match,
  then,
});

test.each<[string, RuleMatch, string | undefined]>([
  ['nothing', {}, undefined],
  ['a recipient', { recipient: ['ada@contoso.com'] }, undefined],
  ['one of several recipients', { recipient: ['bob@contoso.com', 'sales+*@contoso.com'] }, undefined],
  ['another recipient', { recipient: ['bob@contoso.com'] }, 'No recipient is bob@contoso.com.'],
  ['the sender', { sender: ['grace@navy.example'] }, undefined],
  ["the sender's domain", { sender: ['navy.example'] }, undefined],
  ['another sender', { sender: ['army.example', 'x@y.example'] }, 'The sender is not army.example or x@y.example.'],
  ['the subject in another case', { subject: ['INVOICE'] }, undefined],
  ['letters beyond ASCII', { subject: ['grÜSSE', 'grüße'] }, undefined],
  ['letters written in parts', { subject: ['gru\u0308ße'] }, undefined],
  ['what would be a regular expression', { subject: ['Inv.*'] }, 'The subject does not contain "Inv.*".'],
  ['a flag', { flags: { list: true } }, undefined],
  ['no flag', { flags: { bounce: false } }, undefined],
  ['another flag', { flags: { autoReply: true } }, 'It is not flagged autoReply.'],
  ['not that flag', { flags: { list: false } }, 'It is flagged list.'],
  [
    'all of it',
    { recipient: ['contoso.com'], sender: ['navy.example'], subject: ['17'], flags: { list: true } },
    undefined,
  ],
  ['all but one', { recipient: ['contoso.com'], subject: ['18'] }, 'The subject does not contain "18".'],
])('%s', (_name, match, why) => {
  const { rule: taken, passedOver } = applyRules([rule(match)], mail);
  expect(passedOver[0]).toBe(why);
  expect(taken === undefined).toBe(why !== undefined);
});

describe('of several rules', () => {
  test('the first that takes the mail counts, and those before say why not', () => {
    const rules = [
      rule({ subject: ['offer'] }, 'drop'),
      rule({ sender: ['navy.example'] }, { destinations: ['dst_0123456789'] }, 'Navy'),
      rule({}, 'park'),
    ];
    expect(applyRules(rules, mail)).toEqual({
      rule: rules[1],
      index: 1,
      passedOver: ['The subject does not contain "offer".'],
    });
  });

  test('none may take it', () => {
    expect(applyRules([rule({ flags: { bounce: true } })], mail)).toEqual({
      passedOver: ['It is not flagged bounce.'],
    });
    expect(applyRules([], mail)).toEqual({ passedOver: [] });
  });

  test('a mail without a sender is from nobody', () => {
    expect(applyRules([rule({ sender: ['navy.example'] })], { ...mail, from: undefined }).rule).toBeUndefined();
  });

  test('each has a name', () => {
    expect(labelOf(rule({}, 'drop', 'Offers'), 3)).toBe('Offers');
    expect(labelOf(rule({}), 3)).toBe('rule 4');
  });
});
