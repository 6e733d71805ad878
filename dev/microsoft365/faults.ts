import type { AadstsCode } from './login/aadsts.ts';

interface Fault {
  /** How often it happens; left out: once. */
  times?: number;
  /** How often it could have happened and does not, before it does. */
  spares?: number;
  /** Only to this user or mailbox. Left out: to anybody. */
  user?: string;
}

/** A refusal (`reply`) or a broken connection (`drop`) in place of the answer. Neither: no answer, the client waits. */
interface ConnectionFault extends Fault {
  /** The reply without line end; for IMAP without tag (`NO Request is throttled.`). */
  reply?: string;
  drop?: true;
}

export interface SmtpFault extends ConnectionFault {
  /** `data`: at the end of the message, which is not accepted. `after-data`: the message is accepted and filed first. */
  at: 'connect' | 'auth' | 'mail' | 'rcpt' | 'data' | 'after-data';
}

export interface ImapFault extends ConnectionFault {
  at: 'connect' | 'authenticate' | 'list' | 'select' | 'search' | 'fetch' | 'store' | 'move';
}

/** What the token endpoint answers instead: one of Entra's errors, or any status and body. */
export type TokenFault = Fault & ({ aadsts: AadstsCode } | { status: number; body: unknown });

/** The sign-in sends the browser back with this error instead of a code. */
export interface SignInFault extends Fault {
  aadsts: AadstsCode;
}

/** What is to go wrong next. Push to a queue; the first fault that fits happens, and leaves when it is used up. */
export interface Faults {
  signIn: SignInFault[];
  token: TokenFault[];
  smtp: SmtpFault[];
  imap: ImapFault[];
}

export function createFaults(): Faults {
  return { signIn: [], token: [], smtp: [], imap: [] };
}

/** Takes the first fault that happens at this point to one of these addresses (nobody is known yet: none). */
export function takeFault<F extends Fault>(
  queue: F[],
  addresses: readonly string[],
  fits: (fault: F) => boolean = () => true,
): F | undefined {
  const names = addresses.map((address) => address.toLowerCase());
  const fault = queue.find(
    (candidate) => fits(candidate) && (candidate.user === undefined || names.includes(candidate.user.toLowerCase())),
  );
  if (!fault) return undefined;
  if (fault.spares !== undefined && fault.spares > 0) {
    fault.spares -= 1;
    return undefined;
  }
  const left = (fault.times ?? 1) - 1;
  fault.times = left;
  if (left <= 0) queue.splice(queue.indexOf(fault), 1);
  return fault;
}
