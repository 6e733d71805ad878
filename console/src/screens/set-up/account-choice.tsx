import { Field, Select } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../api/reading.ts';

type Account = Row<'/v1/accounts'>;

/** Which of the connected accounts; nothing to ask where there is one. */
export function AccountChoice(props: { accounts: readonly Account[]; chosen: string; onChoose: (id: string) => void }) {
  const { accounts, chosen, onChoose } = props;
  const { t } = useTranslation('words');
  if (accounts.length < 2) return null;
  return (
    <Field label={t('account')}>
      <Select
        value={chosen}
        onChange={(_event, { value }) => {
          onChoose(value);
        }}
      >
        {accounts.map(({ id, address }) => (
          <option key={id} value={id}>
            {address}
          </option>
        ))}
      </Select>
    </Field>
  );
}
