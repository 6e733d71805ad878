import { PlugDisconnectedRegular } from '@fluentui/react-icons/svg/plug-disconnected';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { ConnectOutlook, type Found } from '../../parts/connect-outlook.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Row } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';

/** Whether the account is connected, as whom and since when, and how that is changed. */
export function SignIn(props: { account: components['schemas']['Account']; onConnected: (found?: Found) => void }) {
  const { account, onConnected } = props;
  const { t } = useTranslation('accounts');
  const confirm = useConfirm();
  const params = { path: { id: account.id } };
  const disconnecting = useAction(() => answer(api.POST('/v1/accounts/{id}/disconnect', { params })), {
    done: t('disconnected'),
  });
  const ask = async (): Promise<void> => {
    const { address } = account;
    const question = { title: t('disconnectTitle', { address }), text: t('disconnectText'), action: t('disconnect') };
    if (await confirm(question)) disconnecting.run();
  };
  return (
    <Section title={t('signIn')}>
      <ConnectOutlook account={account} onConnected={onConnected} />
      <Facts
        facts={[
          [t('signedInAs'), account.signedInAs],
          [t('connectedAt'), account.connectedAt && <Time at={account.connectedAt} />],
          [t('tenantId'), account.tenantId],
        ]}
      />
      {account.state !== 'not-connected' && (
        <Row>
          <ActionButton icon={<PlugDisconnectedRegular />} isBusy={disconnecting.isBusy} onClick={() => void ask()}>
            {t('disconnect')}
          </ActionButton>
        </Row>
      )}
    </Section>
  );
}
