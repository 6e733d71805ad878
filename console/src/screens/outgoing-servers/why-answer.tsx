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
            [t('server'), <LinkTo to={`/${outgoingServer.id}`}>{outgoingServer.name}</LinkTo>],
            [t('fromUsed'), `${from}${rewritten ? ` (${t('rewritten')})` : ''}`],
            [t('envelope'), envelopeFrom],
            ['Reply-To', replyTo],
          ]}
        />
      </Section>
      {passedOver.length > 0 && (
        <Section title={t('passedOver')}>
          <Facts
            facts={passedOver.map(({ id, name, why: reason }) => [<LinkTo to={`/${id}`}>{name}</LinkTo>, reason])}
          />
        </Section>
      )}
    </div>
  );
}
