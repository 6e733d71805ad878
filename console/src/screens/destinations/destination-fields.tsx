import { useTranslation } from 'react-i18next';
import { ChoicesField, NumberField, TextField } from '../../parts/fields.tsx';
import type { Form } from '../../parts/use-form.ts';
import { allEvents, eventNames, type DestinationValues } from './destination.ts';

/** The fields of a destination of its kind. `isNew`: what is write-only has not been given before. */
export function DestinationFields({ form, isNew }: { form: Form<DestinationValues>; isNew: boolean }) {
  const { kind } = form.values;
  const { t } = useTranslation(['destinations', 'words']);
  return (
    <>
      <TextField form={form} name="name" label={t('words:name')} isRequired />
      {kind === 'webhook' && (
        <TextField form={form} name="url" label={t('url')} hint={t('urlHint')} inputMode="url" isRequired />
      )}
      {kind === 'queue' && (
        <TextField form={form} name="queueUrl" label={t('queueUrl')} hint={t('queueUrlHint')} isRequired />
      )}
      {kind === 'odoo' && (
        <>
          <TextField form={form} name="url" label={t('odooUrl')} hint={t('odooUrlHint')} inputMode="url" isRequired />
          <TextField form={form} name="database" label={t('database')} isRequired />
          <TextField form={form} name="username" label={t('username')} hint={t('usernameHint')} isRequired />
          <TextField
            form={form}
            name="apiKey"
            type="password"
            autoComplete="new-password"
            label={t('odooKey')}
            hint={isNew ? t('odooKeyHint') : t('odooKeyKept')}
            isRequired={isNew}
          />
        </>
      )}
      {kind !== 'odoo' && (
        <ChoicesField
          form={form}
          name="events"
          label={t('events')}
          hint={t('eventsHint')}
          options={allEvents.map((value) => ({ value, label: `${t(`event.${eventNames[value]}`)} (${value})` }))}
        />
      )}
      <NumberField
        form={form}
        name="concurrency"
        label={t('concurrency')}
        hint={t('concurrencyHint')}
        min={1}
        max={32}
      />
    </>
  );
}
