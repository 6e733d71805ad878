import { useTranslation } from 'react-i18next';
import type { Row } from '../../api/reading.ts';
import { FieldRow } from '../../parts/field-row.tsx';
import { NumberField, SelectField, TextField } from '../../parts/fields.tsx';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import type { Form } from '../../parts/use-form.ts';
import type { Values } from './server-values.ts';

/** All that can be said of an outgoing server, what is asked most first. */
export function ServerFields(props: {
  form: Form<Values>;
  accounts: readonly Row<'/v1/accounts'>[];
  isKept?: boolean;
}) {
  const { form, accounts, isKept = false } = props;
  const { t } = useTranslation(['outgoingServers', 'words']);
  const isOutlook = form.values.auth === 'outlook';
  const encryptions = isOutlook ? (['starttls', 'tls'] as const) : (['starttls', 'tls', 'none'] as const);
  const where = (
    <FieldRow>
      <TextField
        form={form}
        name="host"
        label={t('host')}
        isRequired={!isOutlook}
        placeholder={isOutlook ? 'smtp.office365.com' : 'mail.contoso.com'}
      />
      <NumberField form={form} name="port" label={t('port')} min={1} max={65_535} />
      <SelectField
        form={form}
        name="encryption"
        label={t('encryption')}
        options={encryptions.map((value) => ({ value, label: t(`encryptions.${value}`) }))}
      />
    </FieldRow>
  );
  return (
    <>
      {isOutlook ? (
        <SelectField
          form={form}
          name="account"
          label={t('words:account')}
          hint={t('accountHint')}
          options={accounts.map(({ id, address }) => ({ value: id, label: address }))}
        />
      ) : (
        <FieldRow>
          <TextField form={form} name="username" label={t('username')} isRequired />
          <TextField
            form={form}
            name="password"
            type="password"
            autoComplete="new-password"
            label={t('password')}
            hint={t(isKept ? 'passwordKept' : 'passwordHint')}
            isRequired={!isKept}
          />
        </FieldRow>
      )}
      {!isOutlook && where}
      <TextField form={form} name="name" label={t('words:name')} isRequired />
      <TagsField
        form={form}
        name="fromFilter"
        label={t('words:fromFilter')}
        hint={t('fromFilterHint')}
        placeholder="ada@contoso.com, contoso.com, *.contoso.com"
      />
      <NumberField form={form} name="priority" label={t('words:priority')} hint={t('priorityHint')} min={0} step={10} />
      <MoreSettings>
        {isOutlook && where}
        <TextField form={form} name="owner" type="email" label={t('owner')} hint={t('ownerHint')} />
        <NumberField
          form={form}
          name="maxMegabytes"
          pointer="/maxMessageSize"
          label={t('maxMegabytes')}
          hint={t('maxMegabytesHint')}
          min={1}
          max={1024}
        />
        <FieldRow>
          <NumberField form={form} name="perMinute" pointer="/limits/perMinute" label={t('perMinute')} min={1} />
          <NumberField
            form={form}
            name="recipientsPerDay"
            pointer="/limits/recipientsPerDay"
            label={t('recipientsPerDay')}
            min={1}
            step={1000}
          />
          <NumberField
            form={form}
            name="connections"
            pointer="/limits/connections"
            label={t('connections')}
            min={1}
            max={20}
          />
        </FieldRow>
        <SelectField
          form={form}
          name="onUnknown"
          label={t('onUnknown')}
          hint={t('onUnknownHint')}
          options={(['hold', 'retry'] as const).map((value) => ({ value, label: t(`onUnknowns.${value}`) }))}
        />
      </MoreSettings>
    </>
  );
}
