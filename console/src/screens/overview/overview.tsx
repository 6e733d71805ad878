import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../api/reading.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { AccountsCard } from './accounts-card.tsx';
import { DestinationsCard } from './destinations-card.tsx';
import { IncomingCard } from './incoming-card.tsx';
import { OutgoingCard } from './outgoing-card.tsx';
import { Traffic } from './traffic.tsx';
import { Verdict } from './verdict.tsx';

const useStyles = makeStyles({
  cards: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(26rem, 100%), 1fr))',
    alignItems: 'stretch',
    gap: tokens.spacingHorizontalL,
  },
});

/** Does mail flow? If not, what needs somebody, and what is to be done. */
export default function Overview() {
  const { t } = useTranslation('overview');
  const styles = useStyles();
  const status = useRead('/v1/status', {}, { every: 10_000 });
  return (
    <Page title={t('title')} description={t('description')}>
      <Loaded from={status}>
        {(all) => (
          <>
            <Verdict status={all} />
            {all.outgoingServers.length + all.incomingServers.length > 0 && <Traffic />}
            <div className={styles.cards}>
              <OutgoingCard servers={all.outgoingServers} />
              <IncomingCard servers={all.incomingServers} />
              <AccountsCard accounts={all.accounts} />
              <DestinationsCard destinations={all.destinations} />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}
