import { Text, makeStyles, mergeClasses, tokens, typographyStyles } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { ErrorCircleFilled } from '@fluentui/react-icons/svg/error-circle';
import { InfoFilled } from '@fluentui/react-icons/svg/info';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import { useTranslation } from 'react-i18next';
import { CauseBar } from '../../parts/cause.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { needsOf, type Status } from './needs.ts';

const useStyles = makeStyles({
  verdict: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalL },
  sign: { fontSize: '40px', lineHeight: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  idle: { color: tokens.colorBrandForeground1 },
  words: { flex: '1 1 16rem', display: 'flex', flexDirection: 'column' },
  title: { ...typographyStyles.subtitle1, margin: 0 },
});

const signs = {
  good: <CheckmarkCircleFilled />,
  warning: <WarningFilled />,
  bad: <ErrorCircleFilled />,
  idle: <InfoFilled />,
};

/** The one thing to know, and below it what needs somebody. */
export function Verdict({ status }: { status: Status }) {
  const styles = useStyles();
  const { t } = useTranslation('overview');
  const needs = needsOf(status);
  const { outgoingServers, incomingServers, accounts } = status;
  const isNew = outgoingServers.length + incomingServers.length === 0;
  const kind = isNew ? 'idle' : needs.some(({ isUrgent }) => isUrgent) ? 'bad' : needs.length > 0 ? 'warning' : 'good';
  const queued = outgoingServers.reduce((sum, server) => sum + server.queued, 0);
  return (
    <Section>
      <div className={styles.verdict}>
        <span className={mergeClasses(styles.sign, styles[kind])} aria-hidden>
          {signs[kind]}
        </span>
        <div className={styles.words}>
          <h2 className={styles.title}>{t(`verdict.${kind}`)}</h2>
          <Text>{isNew ? t('newcomer') : t('queued', { count: queued })}</Text>
        </div>
        {isNew && (
          <ButtonTo to="~/console/set-up" appearance="primary">
            {t(accounts.length === 0 ? 'beginSetUp' : 'goOnSetUp')}
          </ButtonTo>
        )}
      </div>
      {needs.map(({ key, kind: what, name, isUrgent, cause, to }) =>
        cause === undefined ? (
          <div key={key}>
            <Text weight="semibold">{t(`need.${what}`, { name })}</Text>{' '}
            <ButtonTo to={`~/console${to}`}>{t('mend')}</ButtonTo>
          </div>
        ) : (
          <CauseBar
            key={key}
            cause={cause}
            intent={isUrgent ? 'error' : 'warning'}
            title={t(`need.${what}`, { name })}
            actions={<ButtonTo to={`~/console${to}`}>{t('mend')}</ButtonTo>}
          />
        ),
      )}
      {status.nextExpiry !== undefined && (
        <Text size={200}>
          {t('secretExpires')} <Time at={status.nextExpiry} />
        </Text>
      )}
    </Section>
  );
}
