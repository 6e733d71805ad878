import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import { FieldRow } from '../../parts/field-row.tsx';
import { ChoicesField, NumberField, SelectField, SwitchField, TextField } from '../../parts/fields.tsx';
import { HostFields } from '../../parts/host-fields.tsx';
import { LinkTo } from '../../parts/link-to.tsx';
import { LoginFields } from '../../parts/login-fields.tsx';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import type { Form } from '../../parts/use-form.ts';
import { FoldersField } from './folders-field.tsx';
import type { Values } from './server-values.ts';

/** All that can be said of an incoming server, what is asked most first. `id`: of one that is there. */
export function ServerFields({ form, id }: { form: Form<Values>; id?: string }) {
  const { t } = useTranslation(['incomingServers', 'words']);
  const destinations = useList('/v1/destinations', { limit: 200 });
  const { auth, afterFetch, hasLoopGuard } = form.values;
  const where = <HostFields form={form} hosts={{ outlook: 'outlook.office365.com', password: 'imap.contoso.com' }} />;
  return (
    <>
      <LoginFields form={form} accountHint={t('accountHint')} isKept={id !== undefined} />
      {auth === 'outlook' ? <MailboxField form={form} /> : where}
      <TextField form={form} name="name" label={t('words:name')} isRequired />
      <FoldersField form={form} {...(id !== undefined && { id })} />
      {destinations.rows?.length === 0 ? (
        <Text>
          {t('noDestination')} <LinkTo to="~/console/destinations/new">{t('addDestination')}</LinkTo>
        </Text>
      ) : (
        <ChoicesField
          form={form}
          name="destinations"
          label={t('destinations')}
          hint={t('destinationsHint')}
          options={(destinations.rows ?? []).map((each) => ({ value: each.id, label: each.name }))}
        />
      )}
      <SelectField
        form={form}
        name="afterFetch"
        label={t('afterFetch')}
        hint={t('afterFetchHint')}
        options={(['none', 'seen', 'move'] as const).map((value) => ({ value, label: t(`afterFetches.${value}`) }))}
      />
      {afterFetch === 'move' && <TextField form={form} name="moveTo" label={t('moveTo')} isRequired />}
      <MoreSettings>
        {auth === 'outlook' && where}
        <FieldRow>
          <NumberField form={form} name="every" label={t('every')} min={1} max={1440} />
          <NumberField
            form={form}
            name="keepRawDays"
            label={t('keepRawDays')}
            hint={t('keepRawDaysHint')}
            min={1}
            max={3650}
            step={30}
          />
          <TextField form={form} name="since" type="date" label={t('since')} hint={t('sinceHint')} />
        </FieldRow>
        <SwitchField form={form} name="hasLoopGuard" label={t('loopGuard')} hint={t('loopGuardHint')} />
        {hasLoopGuard && (
          <>
            <FieldRow>
              <NumberField
                form={form}
                name="loopMessages"
                pointer="/loopGuard/messages"
                label={t('loopMessages')}
                min={1}
              />
              <NumberField
                form={form}
                name="loopMinutes"
                pointer="/loopGuard/minutes"
                label={t('loopMinutes')}
                min={1}
              />
            </FieldRow>
            <TagsField
              form={form}
              name="loopExcept"
              pointer="/loopGuard/except"
              label={t('loopExcept')}
              placeholder="shop@contoso.com, contoso.com"
            />
          </>
        )}
      </MoreSettings>
    </>
  );
}

/** Whose mail is read: the account's own, or that of a mailbox it has access to. */
function MailboxField({ form }: { form: Form<Values> }) {
  const { t } = useTranslation('incomingServers');
  const accounts = useList('/v1/accounts', { limit: 200 });
  const own = accounts.rows?.find(({ id }) => id === form.values.account)?.address;
  return (
    <TextField
      form={form}
      name="mailbox"
      type="email"
      label={t('mailbox')}
      hint={t('mailboxHint')}
      {...(own !== undefined && { placeholder: own })}
    />
  );
}
