import { GatewayError, type FieldError } from '../shared/errors.ts';

const farthest = 366 * 24 * 3_600_000;

/** When a message is to be sent, and when to give up; ISO 8601 in UTC. */
export interface Times {
  readonly scheduledAt?: string | undefined;
  readonly expiresAt?: string | undefined;
}

/** @throws GatewayError `request-invalid` for a time that is past, more than a year ahead, or in the wrong order */
export function demandTimes({ scheduledAt, expiresAt }: Times, now: Date): void {
  const errors: FieldError[] = [];
  const look = (pointer: string, time: string | undefined): void => {
    if (time === undefined) return;
    const ahead = Date.parse(time) - now.getTime();
    if (ahead <= 0) errors.push({ pointer, detail: `is past; it is ${now.toISOString()}` });
    else if (ahead > farthest) errors.push({ pointer, detail: 'is more than a year ahead' });
  };
  look('/scheduledAt', scheduledAt);
  look('/expiresAt', expiresAt);
  if (errors.length === 0 && scheduledAt !== undefined && expiresAt !== undefined && expiresAt <= scheduledAt)
    errors.push({ pointer: '/expiresAt', detail: 'must be after scheduledAt' });
  const [first] = errors;
  if (first === undefined) return;
  throw new GatewayError('request-invalid', `${first.pointer}: ${first.detail}`, { data: { errors } });
}
