import { Spinner, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { ErrorCircleFilled } from '@fluentui/react-icons/svg/error-circle';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useRead } from '../../api/reading.ts';
import { CauseBar } from '../../parts/cause.tsx';
import { LinkTo } from '../../parts/link-to.tsx';

/** A mail on its way; `incomingServer` is who reads where it goes, if anybody does. */
export interface TestMail {
  readonly id: string;
  readonly subject: string;
  readonly incomingServer: string | undefined;
}

type Stage = 'waiting' | 'busy' | 'done' | 'failed';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  stage: { display: 'grid', gridTemplateColumns: '28px 1fr', alignItems: 'start', overflowWrap: 'anywhere' },
  sign: { fontSize: '20px', lineHeight: 1, color: tokens.colorNeutralForeground3 },
  done: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  detail: { color: tokens.colorNeutralForeground3 },
});

/** Watches a mail on its way out and in again. */
export function RoundTrip({ mail }: { mail: TestMail }) {
  const styles = useStyles();
  const { t } = useTranslation(['setUp', 'words']);
  const { data: message } = useRead('/v1/messages/{id}', { params: { path: { id: mail.id } } }, { every: 2_000 });
  const isSent = message?.status === 'sent';
  const hasFailed = message !== undefined && ['failed', 'bounced', 'expired', 'cancelled'].includes(message.status);
  const arrived = useArrival(mail, isSent);
  return (
    <div role="status">
      <ol className={styles.list}>
        <StageLine stage="done" name={t('mail.accepted')}>
          <LinkTo to={`~/console/messages/${mail.id}`}>{mail.subject}</LinkTo>
        </StageLine>
        <StageLine
          stage={isSent ? 'done' : hasFailed ? 'failed' : 'busy'}
          name={message ? t(`words:messageStatus.${message.status}`) : t('mail.sending')}
        >
          {message?.lastReply}
          {message?.cause && <CauseBar cause={message.cause} title={t(`words:messageStatus.${message.status}`)} />}
        </StageLine>
        {mail.incomingServer !== undefined && (
          <StageLine
            stage={arrived ? 'done' : isSent ? 'busy' : 'waiting'}
            name={t(arrived ? 'mail.arrived' : 'mail.reading')}
          >
            {arrived && <LinkTo to={`~/console/received/${arrived.id}`}>{arrived.subject}</LinkTo>}
          </StageLine>
        )}
      </ol>
    </div>
  );
}

/** Has the mailbox read until the mail is there. */
function useArrival({ subject, incomingServer = '' }: TestMail, isSent: boolean) {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ['arrival', incomingServer, subject],
    async queryFn() {
      const path = { id: incomingServer };
      const query = { incomingServer, limit: 20 };
      const { data: rows } = await answer(api.GET('/v1/received', { params: { query } }));
      const found = rows.find((row) => row.subject === subject);
      if (found) void queries.invalidateQueries({ queryKey: ['/v1/received'] });
      else await answer(api.POST('/v1/incoming-servers/{id}/fetch', { params: { path } }));
      return found ?? null;
    },
    enabled: isSent && incomingServer !== '',
    refetchInterval: ({ state }) => (state.data ? false : 3_000),
  });
  return data ?? undefined;
}

function StageLine({ stage, name, children }: { stage: Stage; name: string; children?: ReactNode }) {
  const styles = useStyles();
  const signs = {
    waiting: <CircleRegular />,
    busy: <Spinner size="tiny" aria-hidden />,
    done: <CheckmarkCircleFilled />,
    failed: <ErrorCircleFilled />,
  };
  return (
    <li className={styles.stage}>
      <span
        aria-hidden
        className={mergeClasses(styles.sign, stage === 'done' && styles.done, stage === 'failed' && styles.failed)}
      >
        {signs[stage]}
      </span>
      <div>
        <Text weight="semibold" block>
          {name}
        </Text>
        <Text className={styles.detail}>{children}</Text>
      </div>
    </li>
  );
}
