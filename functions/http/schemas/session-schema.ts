import * as z from 'zod';
import type { OpenSession } from '../../access/caller.ts';

export const sessionSchema = z
  .object({
    name: z.string().describe('Who is signed in: the name of the API key, or the address of the person.'),
    expiresAt: z.iso
      .datetime()
      .describe('When it ends, unless it is used before. It is renewed by use, for 12 hours at most.'),
    csrfToken: z.string().describe('To be sent as x-postern-csrf with all but GET and HEAD.'),
  })
  .meta({ id: 'Session' });

export const signInOptionsSchema = z
  .object({
    microsoft: z
      .boolean()
      .describe('Whether /console/sign-in leads to Microsoft: an app registration of one tenant is set.'),
  })
  .meta({ id: 'SignInOptions' });

export function toSessionView({ name, expiresAt, csrfToken }: OpenSession) {
  return { name, expiresAt, csrfToken };
}
