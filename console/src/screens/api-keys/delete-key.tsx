import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { useAction } from '../../parts/use-action.ts';
import type { ApiKey } from './scope.ts';

/** Withdraws a key, for good. */
export function DeleteKey({ apiKey: { id, name } }: { apiKey: ApiKey }) {
  const { t } = useTranslation(['apiKeys', 'words']);
  const confirm = useConfirm();
  const remove = useAction(() => answer(api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } })), {
    done: t('deleted'),
  });
  const ask = async (): Promise<void> => {
    const question = { title: t('deleteTitle', { name }), text: t('deleteText'), action: t('words:delete') };
    if (await confirm(question)) remove.run();
  };
  return (
    <ActionButton
      appearance="subtle"
      size="small"
      icon={<DeleteRegular />}
      isBusy={remove.isBusy}
      label={t('deleteLabel', { name })}
      onClick={() => void ask()}
    >
      {t('words:delete')}
    </ActionButton>
  );
}
