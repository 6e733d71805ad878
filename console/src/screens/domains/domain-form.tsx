import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { answer, api, ifMatch } from '../../api/client.ts';
import type { Answer } from '../../api/reading.ts';
import { TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { useForm } from '../../parts/use-form.ts';

type Domain = Answer<'/v1/domains/{domain}'>;

interface Values {
  domain: string;
  defaultFrom: string;
  bounce: string;
  catchall: string;
}

/** The addresses of a domain; without one, those of a domain that is added. */
export function DomainForm({ kept }: { kept?: Domain }) {
  const { t } = useTranslation(['domains', 'words']);
  const [, navigate] = useLocation();
  const form = useForm({
    start: {
      domain: kept?.domain ?? '',
      defaultFrom: kept?.defaultFrom ?? 'notifications',
      bounce: kept?.bounce ?? '',
      catchall: kept?.catchall ?? '',
    },
    etag: kept?.etag,
    save: (values, { etag }) => putDomain(values, etag),
    done: t('words:saved'),
    after() {
      if (kept === undefined) navigate('/', { replace: true });
    },
  });
  return (
    <FormBody form={form} submitLabel={t(kept === undefined ? 'add' : 'words:save')}>
      {kept === undefined && (
        <TextField form={form} name="domain" label={t('domain')} hint={t('domainHint')} isRequired />
      )}
      <TextField form={form} name="defaultFrom" label={t('defaultFrom')} hint={t('defaultFromHint')} isRequired />
      <TextField form={form} name="bounce" label={t('bounce')} hint={t('bounceHint')} />
      <TextField form={form} name="catchall" label={t('catchall')} hint={t('catchallHint')} />
    </FormBody>
  );
}

function putDomain({ domain, defaultFrom, bounce, catchall }: Values, etag: string | undefined): Promise<Domain> {
  const body = { defaultFrom, ...(bounce !== '' && { bounce }), ...(catchall !== '' && { catchall }) };
  return answer(api.PUT('/v1/domains/{domain}', { params: { path: { domain }, header: ifMatch(etag) }, body }));
}
