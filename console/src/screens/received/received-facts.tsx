import { Link } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../api/names.ts';
import { Bytes } from '../../parts/bytes.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LinkTo } from '../../parts/link-to.tsx';
import { Time } from '../../parts/time.tsx';
import type { ReceivedMessage } from './received-status.tsx';

/** Who wrote to whom, when it came, and what it belongs to. */
export function ReceivedFacts({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation(['received', 'words']);
  const servers = useNames('/v1/incoming-servers');
  const { id, incomingServer, answers, bounce, flags } = mail;
  const set = (Object.keys(flags) as (keyof typeof flags)[]).filter((flag) => flags[flag]);
  const about = (message: string, words: string) => <LinkTo to={`~/console/messages/${message}`}>{words}</LinkTo>;
  return (
    <Facts
      facts={[
        [t('from'), mail.from],
        [t('to'), mail.to.join(', ')],
        [t('cc'), mail.cc.join(', ')],
        [t('replyTo'), mail.replyTo.join(', ')],
        [t('receivedAt'), <Time at={mail.receivedAt} />],
        [
          t('incomingServer'),
          <>
            <LinkTo to={`~/console/incoming-servers/${incomingServer}`}>{servers.of(incomingServer)}</LinkTo> ·{' '}
            {mail.mailbox} · {mail.folder}
          </>,
        ],
        [t('rule'), mail.rule],
        [t('flags'), set.map((flag) => t(`flag.${flag}`)).join(', ')],
        [t('answers'), answers && about(answers.id, [answers.id, ...answers.tags].join(' · '))],
        [t('reports'), bounce?.message !== undefined && about(bounce.message, bounce.message)],
        ...(bounce?.recipients ?? []).map(
          ({ addresses, action, code, reason }) =>
            [addresses.join(', '), [t(`reported.${action}`), code, reason].filter(Boolean).join(' · ')] as const,
        ),
        [t('messageId'), mail.messageId],
        [
          t('size'),
          <>
            <Bytes count={mail.size} /> ·{' '}
            <Link href={`/v1/received/${id}/raw`} download={`${id}.eml`} inline>
              {t('download')}
            </Link>
          </>,
        ],
      ]}
    />
  );
}
