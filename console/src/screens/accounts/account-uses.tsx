import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import type { components } from '../../api/schema.d.ts';
import { ButtonTo, LinkTo } from '../../parts/link-to.tsx';
import { Row } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    margin: 0,
    padding: 0,
    listStyle: 'none',
    overflowWrap: 'anywhere',
  },
  kind: { color: tokens.colorNeutralForeground3 },
});

/** The servers that send and receive through the account, and the ways to more. */
export function AccountUses({ account: { id } }: { account: components['schemas']['Account'] }) {
  const styles = useStyles();
  const { t } = useTranslation('accounts');
  const outgoing = useList('/v1/outgoing-servers', { limit: 200 }).rows ?? [];
  const incoming = useList('/v1/incoming-servers', { limit: 200 }).rows ?? [];
  const uses = [
    ...outgoing.map((server) => ({ ...server, kind: 'outgoing', path: 'outgoing-servers' }) as const),
    ...incoming.map((server) => ({ ...server, kind: 'incoming', path: 'incoming-servers' }) as const),
  ].filter(({ account }) => account === id);
  return (
    <Section title={t('usedBy')}>
      {uses.length === 0 ? (
        <Text>{t('usedByNone')}</Text>
      ) : (
        <ul className={styles.list}>
          {uses.map((server) => (
            <li key={server.id}>
              <LinkTo to={`~/console/${server.path}/${server.id}`}>{server.name}</LinkTo>{' '}
              <Text className={styles.kind}>{t(`uses.${server.kind}`)}</Text>
            </li>
          ))}
        </ul>
      )}
      <Row>
        <ButtonTo to={`~/console/outgoing-servers/new?account=${id}`} icon={<AddRegular />}>
          {t('addOutgoing')}
        </ButtonTo>
        <ButtonTo to={`~/console/incoming-servers/new?account=${id}`} icon={<AddRegular />}>
          {t('addIncoming')}
        </ButtonTo>
      </Row>
    </Section>
  );
}
