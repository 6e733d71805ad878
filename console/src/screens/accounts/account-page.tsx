import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useRead, type Answer } from '../../api/reading.ts';
import type { components } from '../../api/schema.d.ts';
import { Columns } from '../../parts/columns.tsx';
import type { Found } from '../../parts/connect-outlook.tsx';
import { DeleteButton } from '../../parts/delete-button.tsx';
import { Examination } from '../../parts/examination.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { AccountUses } from './account-uses.tsx';
import { ApplicationFindings } from './application-findings.tsx';
import { ConnectLink } from './connect-link.tsx';
import { SignIn } from './sign-in.tsx';
import { WhoMaySignIn } from './who-may-sign-in.tsx';

export function AccountPage({ id }: { id: string }) {
  const { t } = useTranslation('accounts');
  const account = useRead('/v1/accounts/{id}', { params: { path: { id } } });
  const { data } = account;
  return (
    <Page
      title={data?.address ?? t('account')}
      back={{ to: '/', label: t('title') }}
      {...(data && {
        description: describe(data, t),
        actions: (
          <DeleteButton
            name={data.address}
            text={t('deleteText')}
            act={() => answer(api.DELETE('/v1/accounts/{id}', { params: { path: { id } } }))}
          />
        ),
      })}
    >
      <Loaded from={account}>{(loaded) => <Body account={loaded} />}</Loaded>
    </Page>
  );
}

function Body({ account }: { account: Answer<'/v1/accounts/{id}'> }) {
  const { t } = useTranslation(['accounts', 'parts']);
  const [found, setFound] = useState<Found>();
  return (
    <Columns
      aside={
        <>
          <AccountUses account={account} />
          {account.access === 'delegated' && <WhoMaySignIn account={account} />}
        </>
      }
    >
      <SignIn account={account} onConnected={setFound} />
      {found && <ApplicationFindings found={found} />}
      <Section title={t('parts:connection')}>
        <Examination path="/v1/accounts/{id}/test" id={account.id} />
      </Section>
      {account.access === 'delegated' && <ConnectLink account={account} />}
    </Columns>
  );
}

function describe(
  { access, kind, delegate }: components['schemas']['Account'],
  t: ReturnType<typeof useTranslation<'accounts'>>['t'],
): string {
  if (access === 'application') return t('describe.application');
  return kind === 'shared' ? t('describe.shared', { delegate }) : t('describe.user');
}
