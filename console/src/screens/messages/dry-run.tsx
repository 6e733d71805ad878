import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { Bytes } from '../../parts/bytes.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LinkTo } from '../../parts/link-to.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';

/** What would become of a message: which server, which From, and why. */
export function DryRun({ preview }: { preview: components['schemas']['MessagePreview'] }) {
  const { t } = useTranslation('messages');
  const { outgoingServer, from, replyTo, envelope, size, estimatedSendAt, why, warnings } = preview;
  return (
    <Section title={t('dryRunTitle')} description={t('dryRunDetail')}>
      {warnings.map(({ pointer, detail }) => (
        <MessageBar key={pointer} intent="warning" layout="multiline">
          <MessageBarBody>{detail}</MessageBarBody>
        </MessageBar>
      ))}
      <Facts
        facts={[
          [
            t('outgoingServer'),
            <LinkTo to={`~/console/outgoing-servers/${outgoingServer.id}`}>{outgoingServer.name}</LinkTo>,
          ],
          [t('why'), why],
          [t('from'), from],
          [t('replyTo'), replyTo.join(', ')],
          [t('envelopeFrom'), envelope.from],
          [t('recipients'), envelope.to.join(', ')],
          [t('size'), <Bytes count={size} />],
          [t('estimatedSendAt'), <Time at={estimatedSendAt} />],
        ]}
      />
    </Section>
  );
}
