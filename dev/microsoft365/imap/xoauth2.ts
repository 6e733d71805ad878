/**
 * Reads the initial client response of XOAUTH2: base64 of `user=`, the address, ^A, `auth=Bearer `, the token, ^A^A.
 * Microsoft: "Authenticate an IMAP, POP or SMTP connection using OAuth", SASL XOAUTH2.
 */
export function readXoauth2(response: string): { user: string; accessToken: string } | undefined {
  const text = Buffer.from(response, 'base64').toString('utf8');
  const [userField = '', authField = ''] = text.split('\u0001');
  const user = userField.replace(/^user=/i, '');
  const [scheme = '', accessToken = ''] = authField.replace(/^auth=/i, '').split(' ');
  if (user === '' || accessToken === '' || scheme.toLowerCase() !== 'bearer') return undefined;
  return { user, accessToken };
}
