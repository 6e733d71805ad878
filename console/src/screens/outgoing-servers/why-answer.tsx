import { MessageBar, MessageBarBody, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { Facts } from '../../parts/facts.tsx';
import { LinkTo } from '../../parts/link-to.tsx';
import { Section } from '../../parts/section.tsx';

const useStyles = makeStyles({
  answer: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL },
});

/** The server chosen, the From and envelope used, and why the others were passed over. */
export function WhyAnswer({ route }: { route: components['schemas']['Route'] }) {
  const styles = useStyles();
  const { t } = useTranslation(['outgoingServers', 'words']);
  const { outgoingServer, from, envelopeFrom, replyTo, rewritten, why, mayBeRefused, passedOver } = route;
  return (
    <div className={styles.answer}>
      <Section title={t('sentBy', { name: outgoingServer.name })}>
        <Text>{why}</Text>
        {mayBeRefused && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{t('mayBeRefused')}</MessageBarBody>
          </MessageBar>
        )}
        <Facts
          facts={[
            {
              name: t('server'),
              value: <LinkTo to={`/${outgoingServer.id}`}>{outgoingServer.name}</LinkTo>,
            },
            { name: t('fromUsed'), value: `${from}${rewritten ? ` (${t('rewritten')})` : ''}` },
            { name: t('envelope'), value: envelopeFrom },
            { name: 'Reply-To', value: replyTo },
          ]}
        />
      </Section>
      {passedOver.length > 0 && (
        <Section title={t('passedOver')}>
          <Facts
            facts={passedOver.map(({ id, name, why: reason }) => ({
              name: <LinkTo to={`/${id}`}>{name}</LinkTo>,
              key: id,
              value: reason,
            }))}
          />
        </Section>
      )}
    </div>
  );
}
