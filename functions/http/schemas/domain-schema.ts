import { domainToASCII } from 'node:url';
import * as z from 'zod';
import { bounceAddress, catchallAddress, notificationsAddress, type MailDomain } from '../../servers/mail-domain.ts';
import { isAddress } from '../../shared/address.ts';
import { lineSchema } from './common-schemas.ts';

export const domainParams = z.strictObject({
  domain: z
    .string()
    .transform((text) => domainToASCII(text.trim().toLowerCase()))
    .refine((text) => isAddress(`a@${text}`) && text.includes('.'), 'must be a domain such as contoso.com'),
});

const localPartOrAddress = lineSchema.refine(
  (text) => isAddress(text) || isAddress(`${text}@contoso.com`),
  'must be a local part such as notifications, or an address',
);

export const domainBody = z.strictObject({
  defaultFrom: localPartOrAddress.describe(
    'The notifications address: who mail is from when its own From may not be used.',
  ),
  bounce: localPartOrAddress.optional(),
  catchall: localPartOrAddress.optional(),
});

export const domainSchema = z
  .object({
    domain: z.string(),
    defaultFrom: z.string(),
    bounce: z.string().optional(),
    catchall: z.string().optional(),
    addresses: z.object({ notifications: z.string(), bounce: z.string().optional(), catchall: z.string().optional() }),
  })
  .meta({ id: 'Domain' });

export function toDomainView(domain: MailDomain): z.output<typeof domainSchema> {
  return {
    ...domain,
    addresses: {
      notifications: notificationsAddress(domain),
      bounce: bounceAddress(domain),
      catchall: catchallAddress(domain),
    },
  };
}
