import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import type { components } from '../../api/schema.d.ts';
import { Facts } from '../../parts/facts.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';

type Resolution = components['schemas']['IncomingResolution'];

const useStyles = makeStyles({
  answer: { display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: tokens.spacingVerticalM },
});

const kinds = { deliver: 'good', park: 'warning', drop: 'idle' } as const;

/** What would become of the message, by which rule, and why not by those before it. */
export function DryRunAnswer({ found }: { found: Resolution }) {
  const styles = useStyles();
  const { t } = useTranslation(['incomingServers', 'words']);
  const names = new Map(useList('/v1/destinations', { limit: 200 }).rows?.map(({ id, name }) => [id, name]));
  const { outcome, destinations, rule, why, passedOver } = found;
  const nameOf = ({ index, name }: { index: number; name?: string }): string =>
    name === undefined ? t('rule', { place: index + 1 }) : `${index + 1}. ${name}`;
  return (
    <div className={styles.answer}>
      <StateBadge kind={kinds[outcome]}>{t(`outcome.${outcome}`)}</StateBadge>
      <Text>{why}</Text>
      <Facts
        facts={[
          [t('byRule'), rule ? nameOf(rule) : t('words:none')],
          [
            t('destinations'),
            outcome === 'deliver'
              ? destinations.map((id) => names.get(id) ?? id).join(', ') || t('words:none')
              : undefined,
          ],
        ]}
      />
      {passedOver.length > 0 && (
        <>
          <Text weight="semibold">{t('passedOver')}</Text>
          <Facts facts={passedOver.map((step) => [nameOf(step), step.why])} />
        </>
      )}
    </div>
  );
}
