import { useTranslation } from 'react-i18next';
import type { Row } from '../../api/reading.ts';
import { FieldRow } from '../../parts/field-row.tsx';
import { ChoicesField, SelectField, TextField } from '../../parts/fields.tsx';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import type { Form } from '../../parts/use-form.ts';
import { flagNames, type RuleValues } from './rule-values.ts';

/** What a rule asks of a mail, and what becomes of one that it takes. */
export function RuleFields(props: { form: Form<RuleValues>; destinations: readonly Row<'/v1/destinations'>[] }) {
  const { form, destinations } = props;
  const { t } = useTranslation(['incomingServers', 'words']);
  const hasFlags = flagNames.some((flag) => form.values[flag] !== 'any');
  const flags = (
    <FieldRow>
      {flagNames.map((flag) => (
        <SelectField
          key={flag}
          form={form}
          name={flag}
          pointer={`/match/flags/${flag}`}
          label={t(`flags.${flag}`)}
          options={(['any', 'yes', 'no'] as const).map((value) => ({ value, label: t(`wishes.${value}`) }))}
        />
      ))}
    </FieldRow>
  );
  return (
    <>
      <TextField form={form} name="name" label={t('words:name')} />
      <TagsField
        form={form}
        name="recipient"
        pointer="/match/recipient"
        label={t('recipient')}
        placeholder="sales@contoso.com, ada+*@contoso.com, *.contoso.com"
      />
      <TagsField form={form} name="sender" pointer="/match/sender" label={t('sender')} placeholder="*@shop.com" />
      <TagsField
        form={form}
        name="subject"
        pointer="/match/subject"
        label={t('subject')}
        hint={t('subjectHint')}
        separator={/[;\n]+/}
      />
      {hasFlags ? flags : <MoreSettings label={t('flagsMore')}>{flags}</MoreSettings>}
      <SelectField
        form={form}
        name="then"
        label={t('then')}
        hint={t(`thenHints.${form.values.then}`)}
        options={(['destinations', 'park', 'drop'] as const).map((value) => ({ value, label: t(`thens.${value}`) }))}
      />
      {form.values.then === 'destinations' && destinations.length > 0 && (
        <ChoicesField
          form={form}
          name="destinations"
          pointer="/then/destinations"
          label={t('destinations')}
          options={destinations.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </>
  );
}
