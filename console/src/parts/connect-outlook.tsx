import { Link, Spinner, Text, makeStyles, tokens } from '@fluentui/react-components';
import { OpenRegular } from '@fluentui/react-icons/svg/open';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { useRead, type Row } from '../api/reading.ts';
import type { components } from '../api/schema.d.ts';
import { AccountBadge } from './account-badge.tsx';
import { ActionButton } from './action-button.tsx';
import { CauseBar } from './cause.tsx';
import { LastUse } from './last-use.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { useAction } from './use-action.ts';

type Account = Row<'/v1/accounts'>;
/** What an application found that connected by itself. */
export type Found = Extract<components['schemas']['Connection'], { account: unknown }>;

const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: tokens.spacingVerticalM },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
});

/** A sign-in under way in another tab. */
interface Asked {
  readonly url: string;
  readonly signInAs: string;
  /** When the account was connected before, if it was. */
  readonly before: string | undefined;
}

/**
 * An account's sign-in as Odoo shows it: the green tag where its token works, and the button that connects it. The
 * sign-in goes on in a tab of its own; this page notices by itself when it has ended well.
 */
export function ConnectOutlook({ account, onConnected }: { account: Account; onConnected?: (found?: Found) => void }) {
  const styles = useStyles();
  const { t } = useTranslation(['parts', 'words']);
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const isConnected = account.state === 'connected';
  const connect = useAction(
    () =>
      answer(
        api.POST('/v1/accounts/{id}/connect', {
          params: { path: { id: account.id } },
          body: { returnTo: location.pathname },
        }),
      ),
    {
      showsError: true,
      after(connection) {
        // With application access nobody signs in: it is connected already.
        if (!('authorizeUrl' in connection)) return onConnected?.(connection);
        const { authorizeUrl: url, signInAs } = connection;
        setAsked({ url, signInAs, before: account.connectedAt });
        window.open(url, '_blank', 'noopener');
      },
    },
  );
  const onSeen = useCallback(() => {
    setAsked(undefined);
    void queries.invalidateQueries();
    onConnected?.();
  }, [queries, onConnected]);

  return (
    <div className={styles.whole}>
      {asked && (
        <>
          <Waiting id={account.id} asked={asked} onSeen={onSeen} />
          <Text>
            {t('signInAs', { address: asked.signInAs })}{' '}
            <Link href={asked.url} target="_blank" rel="noopener" inline>
              {t('openSignIn')}
            </Link>
          </Text>
        </>
      )}
      <div className={styles.line}>
        <AccountBadge account={account} />
        {isConnected && <LastUse account={account} />}
        <ActionButton
          isBusy={connect.isBusy}
          appearance={isConnected || asked ? 'secondary' : 'primary'}
          icon={<OpenRegular />}
          onClick={() => {
            connect.run();
          }}
        >
          {t(asked ? 'signInAgain' : account.state === 'not-connected' ? 'words:connect' : 'words:reconnect')}
        </ActionButton>
      </div>
      {connect.error !== null && <ProblemBar error={connect.error} />}
      {account.cause !== undefined && !asked && connect.error === null && (
        <CauseBar cause={account.cause} title={t(`words:accountState.${account.state}`)} />
      )}
    </div>
  );
}

/** Looks at the account until it is connected anew. */
function Waiting({ id, asked, onSeen }: { id: string; asked: Asked; onSeen: () => void }) {
  const { t } = useTranslation('parts');
  const { data } = useRead('/v1/accounts/{id}', { params: { path: { id } } }, { every: 2_000 });
  const isConnected = data?.state === 'connected' && data.connectedAt !== asked.before;
  useEffect(() => {
    if (isConnected) onSeen();
  }, [isConnected, onSeen]);
  return <Spinner size="tiny" labelPosition="after" label={t('waitingForSignIn')} />;
}
