import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { useList, type Row } from '../api/reading.ts';
import { FormBody } from './form-body.tsx';
import { Outline } from './loaded.tsx';
import { Page } from './page.tsx';
import { Section } from './section.tsx';
import { useForm, type Form } from './use-form.ts';

interface Adding<V extends object> {
  readonly kind: 'outgoingServers' | 'incomingServers';
  /** What the form begins with for this account, or where there is none. */
  readonly startWith: (account?: Row<'/v1/accounts'>) => V;
  readonly add: (values: V) => Promise<{ id: string }>;
  readonly children: (form: Form<V>) => ReactNode;
}

/** The page that adds a server and leads on to it. It begins with the account that the address names, else with the first. */
export function AddServerPage<V extends object>(adding: Adding<V>) {
  const { t } = useTranslation(adding.kind);
  const { rows } = useList('/v1/accounts', { limit: 200 });
  const [query] = useSearchParams();
  const account = rows?.find(({ id }) => id === query.get('account')) ?? rows?.[0];
  return (
    <Page title={t('addTitle')} description={t('addDescription')} back={{ to: '/', label: t('title') }}>
      <Section>{rows === undefined ? <Outline /> : <AddForm {...adding} start={adding.startWith(account)} />}</Section>
    </Page>
  );
}

function AddForm<V extends object>({ kind, start, add, children }: Adding<V> & { start: V }) {
  const { t } = useTranslation(kind);
  const [, navigate] = useLocation();
  const form = useForm({
    start,
    save: add,
    done: t('added'),
    after({ id }) {
      navigate(`/${id}`, { replace: true });
    },
  });
  return (
    <FormBody form={form} submitLabel={t('add')}>
      {children(form)}
    </FormBody>
  );
}
