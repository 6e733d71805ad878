import { useTranslation } from 'react-i18next';
import { useRead } from '../../api/reading.ts';
import { CauseBar } from '../../parts/cause.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageDetails } from './message-details.tsx';
import { MessageHistory } from './message-history.tsx';
import { isSettled, MessageStatusBadge } from './message-status.tsx';
import { Recipients } from './recipients.tsx';

/** One message and what became of it, followed for as long as something still will. */
export function MessagePage({ id }: { id: string }) {
  const { t } = useTranslation(['messages', 'words']);
  const path = '/v1/messages/{id}';
  const message = useRead(path, { params: { path: { id } } }, { every: 3_000, until: isSettled });
  const { data } = message;
  return (
    <Page
      title={data === undefined ? t('message') : data.subject || t('noSubject')}
      {...(data && { description: <MessageStatusBadge status={data.status} /> })}
      back={{ to: '/', label: t('title') }}
      actions={data && <MessageActions message={data} />}
    >
      <Loaded from={message}>
        {(read) => (
          <>
            {read.cause !== undefined && (
              <CauseBar
                cause={read.cause}
                title={t(`words:messageStatus.${read.status}`)}
                intent={read.status === 'deferred' || read.status === 'unknown' ? 'warning' : 'error'}
              />
            )}
            <Section title={t('recipients')} description={t('recipientsDetail')}>
              <Recipients message={read} />
            </Section>
            <Section title={t('history')}>
              <MessageHistory history={read.history} />
            </Section>
            <Section title={t('details')}>
              <MessageDetails message={read} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
