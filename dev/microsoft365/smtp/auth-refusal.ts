import type { Circumstances } from '../circumstances.ts';

const because = (text: string) => `535 5.7.139 Authentication unsuccessful, ${text} [localhost]`;

/** Exchange's reply to a good token of somebody who may not use SMTP AUTH, in the order Exchange looks; undefined: he may. */
export function authRefusal(circumstances: Circumstances, address: string): string | undefined {
  if (circumstances.hold('security defaults', address))
    return because("user is locked by your organization's security defaults policy. Contact your administrator.");
  if (circumstances.hold('smtp auth off', address)) {
    const whose = circumstances.holdForAll('smtp auth off') ? 'Tenant' : 'Mailbox';
    return because(
      `SmtpClientAuthentication is disabled for the ${whose}. Visit https://aka.ms/smtp_auth_disabled for more information.`,
    );
  }
  if (circumstances.hold('conditional access', address))
    return because(
      'the request did not meet the criteria to be authenticated successfully. Contact your administrator.',
    );
  return undefined;
}
