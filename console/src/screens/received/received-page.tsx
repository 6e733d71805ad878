import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../api/reading.ts';
import { CauseBar } from '../../parts/cause.tsx';
import { DeliveryTable } from '../../parts/delivery-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { Attachments } from './attachments.tsx';
import { MailView } from './mail-view.tsx';
import { ReceivedActions } from './received-actions.tsx';
import { ReceivedFacts } from './received-facts.tsx';
import { ReceivedStatusBadge, type ReceivedMessage } from './received-status.tsx';

/** One received mail, shown so that it can do nothing to whoever looks at it. */
export function ReceivedPage({ id }: { id: string }) {
  const { t } = useTranslation('received');
  const isSettled = ({ deliveries }: ReceivedMessage) => deliveries.every(({ status }) => status !== 'pending');
  const path = '/v1/received/{id}';
  const mail = useRead(path, { params: { path: { id } } }, { every: 3_000, until: isSettled });
  const { data } = mail;
  return (
    <Page
      title={data === undefined ? t('mail') : data.subject || t('noSubject')}
      {...(data && { description: <ReceivedStatusBadge status={data.status} /> })}
      back={{ to: '/', label: t('title') }}
      actions={data && <ReceivedActions mail={data} />}
    >
      <Loaded from={mail}>
        {(read) => (
          <>
            <Parked mail={read} />
            <Section>
              <ReceivedFacts mail={read} />
            </Section>
            <Section>
              <MailView mail={read} />
            </Section>
            {read.attachments.length > 0 && (
              <Section title={t('attachments')}>
                <Attachments mail={read} />
              </Section>
            )}
            <Section title={t('deliveries')}>
              <DeliveryTable list={listOf(read.deliveries)} empty={t('noDeliveries')} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Why it is not delivered or not shown whole, and what can be done about it. */
function Parked({ mail: { status, reason, cause } }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('received');
  if (cause !== undefined) {
    return <CauseBar cause={cause} title={t(status === 'parked' ? 'status.parked' : 'incomplete')} intent="warning" />;
  }
  if (status === 'received' || reason === undefined) return null;
  return (
    <MessageBar intent={status === 'parked' ? 'warning' : 'info'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t(`reason.${reason.kind}`)}</MessageBarTitle> {reason.detail}
        <div>{t(status === 'parked' ? 'parkedAdvice' : 'droppedAdvice')}</div>
      </MessageBarBody>
    </MessageBar>
  );
}

/** A list that is all there. */
function listOf<T>(rows: readonly T[]) {
  const nothing = () => undefined;
  return { rows, error: null, retry: nothing, hasMore: false, isLoadingMore: false, loadMore: nothing };
}
