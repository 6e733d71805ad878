import type { Row } from '../api/reading.ts';

/** How Postern logs in at a mail server, as a form has it; where it says nothing of a host, the API knows Exchange Online's. */
export interface LoginValues {
  readonly auth: 'outlook' | 'password';
  readonly account: string;
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number | null;
  readonly encryption: 'starttls' | 'tls' | 'none';
}

/** What the login of a new server begins with: this account; where there is none, a password. */
export function newLogin(account?: Row<'/v1/accounts'>) {
  const auth: LoginValues['auth'] = account === undefined ? 'password' : 'outlook';
  return { auth, account: account?.id ?? '', username: '', password: '', host: '', port: null };
}

/** The login of a server that is there; its password is not shown again. */
export function loginOf(server: Row<'/v1/outgoing-servers'> | Row<'/v1/incoming-servers'>): LoginValues {
  const { auth, account = '', username = '', host, port, encryption } = server;
  return { auth, account, username, password: '', host, port, encryption };
}

/** The login of a new server, as the API takes it. */
export function toNewLogin(values: LoginValues) {
  const { auth, account, username, password, host, encryption } = values;
  if (auth === 'password') return { ...toPlace(values), auth, host, username, password, encryption };
  // That the API refuses an encryption it does not know is better than another one in its place.
  return { ...toPlace(values), auth, account, encryption: encryption as 'starttls' | 'tls' };
}

/** The login of a server that is there, as the API takes it: what it is stays, and so does a password that is left empty. */
export function toChangedLogin(values: LoginValues) {
  const { auth, account, username, password, encryption } = values;
  const login = auth === 'outlook' ? { account } : { username, ...(password !== '' && { password }) };
  return { ...toPlace(values), ...login, encryption };
}

function toPlace({ host, port }: LoginValues) {
  return { ...(host !== '' && { host }), ...(port !== null && { port }) };
}
