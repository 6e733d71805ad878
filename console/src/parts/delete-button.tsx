import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { ActionButton } from './action-button.tsx';
import { useConfirm } from './confirm.tsx';
import { useAction } from './use-action.ts';

/** Deletes a thing when somebody has confirmed it, and goes back to the list it stood in. */
export function DeleteButton(props: { name: string; text: string; act: () => Promise<unknown> }) {
  const { name, text, act } = props;
  const { t } = useTranslation(['parts', 'words']);
  const [, navigate] = useLocation();
  const confirm = useConfirm();
  const deletion = useAction(act, {
    done: t('parts:deleted'),
    after() {
      navigate('/', { replace: true });
    },
  });
  const ask = async (): Promise<void> => {
    const title = t('words:deleteTitle', { name });
    if (await confirm({ title, text, action: t('words:delete') })) deletion.run();
  };
  return (
    <ActionButton icon={<DeleteRegular />} appearance="subtle" isBusy={deletion.isBusy} onClick={() => void ask()}>
      {t('words:delete')}
    </ActionButton>
  );
}
