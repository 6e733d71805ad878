import { Tag, TagGroup } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../api/names.ts';
import { Bytes } from '../../parts/bytes.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LinkTo } from '../../parts/link-to.tsx';
import { Time } from '../../parts/time.tsx';
import type { Message } from './message-status.tsx';

/** Everything else that is known of a message. */
export function MessageDetails({ message }: { message: Message }) {
  const { t } = useTranslation(['messages', 'words']);
  const servers = useNames('/v1/outgoing-servers');
  const time = (at: string | undefined) => at !== undefined && <Time at={at} />;
  const { from, requestedFrom, envelope, outgoingServer, tags, metadata } = message;
  const facts = [
    [t('from'), from],
    [t('requestedFrom'), requestedFrom === from ? undefined : requestedFrom],
    [t('to'), message.to.join(', ')],
    [t('cc'), message.cc.join(', ')],
    [t('bcc'), message.bcc.join(', ')],
    [
      t('outgoingServer'),
      <LinkTo to={`~/console/outgoing-servers/${outgoingServer}`}>{servers.of(outgoingServer)}</LinkTo>,
    ],
    [t('envelopeFrom'), envelope.from],
    [t('lastReply'), message.lastReply],
    [t('attempts'), String(message.attempts)],
    [t('accepted'), time(message.createdAt)],
    [t('sentAt'), time(message.sentAt)],
    [t('scheduledAt'), time(message.scheduledAt)],
    [t('estimatedSendAt'), time(message.estimatedSendAt)],
    [t('nextAttemptAt'), time(message.nextAttemptAt)],
    [t('expiresAt'), time(message.expiresAt)],
    [t('priority'), t(`priorities.${message.priority}`)],
    [t('size'), <Bytes count={message.size} />],
    [t('messageId'), message.messageId],
    [
      t('tags'),
      tags.length > 0 && (
        <TagGroup aria-label={t('tags')} role="list">
          {tags.map((tag) => (
            <Tag key={tag} role="listitem" size="small">
              {tag}
            </Tag>
          ))}
        </TagGroup>
      ),
    ],
    ...Object.entries(metadata).map(([name, value]) => [`${t('metadata')} ${name}`, value] as const),
    [t('id'), message.id],
  ] as const;
  return <Facts facts={facts} />;
}
