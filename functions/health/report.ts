import type { Actor, ErrorCode, Upstream } from '../shared/errors.ts';

/** The legs of an examination, in the order they are told. */
export const legNames = [
  'credential',
  'token',
  'claims',
  'imap-login',
  'imap-select',
  'smtp-connect',
  'smtp-login',
  'smtp-sender',
] as const;

export type LegName = (typeof legNames)[number];

/** `not-reached`: a leg before it failed. `skipped`: there is nothing to examine. */
export const legStatuses = ['passed', 'failed', 'not-reached', 'skipped'] as const;

/** One step on the way to a mailbox. Plain text, free of secrets. */
export interface Leg {
  readonly leg: LegName;
  readonly status: (typeof legStatuses)[number];
  /** What was tried, or found. */
  readonly detail: string;
  /** Of a leg that failed: the problem's code, why, who must act, and what to do, with the commands to paste. */
  readonly code?: ErrorCode;
  readonly cause?: string;
  readonly actor?: Actor;
  readonly remedy?: string;
  readonly upstream?: Upstream;
  readonly tookMs: number;
}

/** What an examination found. It has no markup. */
export interface Report {
  /** Whether the mailbox works: every leg passed, or was skipped. */
  readonly ok: boolean;
  /** When it ended, ISO 8601. */
  readonly checkedAt: string;
  readonly tookMs: number;
  readonly legs: readonly Leg[];
  /** One sentence for people. */
  readonly summary: string;
}

/** Whether this leg was gone, and well. */
export function hasPassed(report: Report, name: LegName): boolean {
  return report.legs.some(({ leg, status }) => leg === name && status === 'passed');
}

/** The report of an examination that went these legs, in whatever order they ended. */
export function toReport(found: readonly Leg[], began: Date, ended: Date): Report {
  const legs = legNames.flatMap((name) => found.filter(({ leg }) => leg === name));
  const failed = legs.filter(({ status }) => status === 'failed');
  // What the claims explain is told again by the login they explain.
  const told = failed.length > 1 ? failed.filter(({ leg }) => leg !== 'claims') : failed;
  return {
    ok: failed.length === 0,
    checkedAt: ended.toISOString(),
    tookMs: ended.getTime() - began.getTime(),
    legs,
    summary: failed.length === 0 ? 'The mailbox works.' : told.map(sentence).join(' '),
  };
}

function sentence({ leg, cause, actor }: Leg): string {
  return `${leg} failed: ${cause ?? ''} To be mended by the ${actor ?? 'operator'}.`;
}
