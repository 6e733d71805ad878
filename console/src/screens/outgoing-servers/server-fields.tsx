import { useTranslation } from 'react-i18next';
import { FieldRow } from '../../parts/field-row.tsx';
import { NumberField, SelectField, TextField } from '../../parts/fields.tsx';
import { HostFields } from '../../parts/host-fields.tsx';
import { LoginFields } from '../../parts/login-fields.tsx';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import type { Form } from '../../parts/use-form.ts';
import type { Values } from './server-values.ts';

/** All that can be said of an outgoing server, what is asked most first. */
export function ServerFields({ form, isKept = false }: { form: Form<Values>; isKept?: boolean }) {
  const { t } = useTranslation(['outgoingServers', 'words']);
  const isOutlook = form.values.auth === 'outlook';
  const where = <HostFields form={form} hosts={{ outlook: 'smtp.office365.com', password: 'mail.contoso.com' }} />;
  return (
    <>
      <LoginFields form={form} accountHint={t('accountHint')} isKept={isKept} />
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
