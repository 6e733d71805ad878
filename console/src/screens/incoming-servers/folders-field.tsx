import { FolderOpenRegular } from '@fluentui/react-icons/svg/folder-open';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { ChoicesField } from '../../parts/fields.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import { useAction } from '../../parts/use-action.ts';
import type { Form } from '../../parts/use-form.ts';
import type { Values } from './server-values.ts';

/** The folders to read: typed, or for a server that is there (`id`) picked from those of its mailbox. */
export function FoldersField({ form, id }: { form: Form<Values>; id?: string }) {
  const { t } = useTranslation('incomingServers');
  const reading = useAction(
    (server: string) => answer(api.GET('/v1/incoming-servers/{id}/folders', { params: { path: { id: server } } })),
    { showsError: true },
  );
  const found = reading.result?.data;
  const { folders } = form.values;
  if (found !== undefined) {
    const names = [...new Set([...found.map(({ name }) => name), ...folders])];
    const options = names.map((name) => {
      const use = found.find((folder) => folder.name === name)?.use;
      return { value: name, label: use === undefined ? name : t('folderFor', { name, use: t(`folderUse.${use}`) }) };
    });
    return <ChoicesField form={form} name="folders" label={t('folders')} options={options} />;
  }
  return (
    <>
      {/* Names of folders hold spaces and commas. */}
      <TagsField form={form} name="folders" label={t('folders')} hint={t('foldersHint')} separator={/[;\n]+/} />
      {id !== undefined && (
        <Line>
          <ActionButton
            size="small"
            icon={<FolderOpenRegular />}
            isBusy={reading.isBusy}
            onClick={() => {
              reading.run(id);
            }}
          >
            {t('readFolders')}
          </ActionButton>
        </Line>
      )}
      {reading.error !== null && <ProblemBar error={reading.error} />}
    </>
  );
}
