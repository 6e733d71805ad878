import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { PauseRegular } from '@fluentui/react-icons/svg/pause';
import { PlayRegular } from '@fluentui/react-icons/svg/play';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { answer, api } from '../../api/client.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { useAction, type Action } from '../../parts/use-action.ts';
import type { Destination } from './destination.ts';
import { TestDestination } from './test-destination.tsx';

/** What can be done with a destination as it is now. */
export function DestinationActions({ destination }: { destination: Destination }) {
  const { t } = useTranslation(['destinations', 'words']);
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const { id, name, state, cause } = destination;
  const path = { id };
  const disable = useStateChange(id, 'disabled', t('disabled'));
  const remove = useAction(() => answer(api.DELETE('/v1/destinations/{id}', { params: { path } })), {
    done: t('deleted'),
    after: () => {
      navigate('/');
    },
  });
  const ask = async (): Promise<void> => {
    const question = { title: t('words:deleteTitle', { name }), text: t('deleteText'), action: t('words:delete') };
    if (await confirm(question)) remove.run();
  };
  return (
    <>
      <TestDestination id={id} />
      {state === 'active' && (
        <ActionButton
          icon={<PauseRegular />}
          isBusy={disable.isBusy}
          onClick={() => {
            disable.run();
          }}
        >
          {t('disable')}
        </ActionButton>
      )}
      {state === 'disabled' && cause === undefined && <EnableButton destination={destination} />}
      <ActionButton icon={<DeleteRegular />} isBusy={remove.isBusy} onClick={() => void ask()}>
        {t('words:delete')}
      </ActionButton>
    </>
  );
}

/** Has what waits delivered, and what comes. */
export function EnableButton({ destination: { id } }: { destination: Destination }) {
  const { t } = useTranslation('destinations');
  const enable = useStateChange(id, 'active', t('enabled'));
  return (
    <ActionButton
      appearance="primary"
      icon={<PlayRegular />}
      isBusy={enable.isBusy}
      onClick={() => {
        enable.run();
      }}
    >
      {t('enable')}
    </ActionButton>
  );
}

function useStateChange(id: string, state: Destination['state'], done: string): Action<void, Destination> {
  return useAction(() => answer(api.PATCH('/v1/destinations/{id}', { params: { path: { id } }, body: { state } })), {
    done,
  });
}
