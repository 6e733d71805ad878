import { Field, Link, Text, makeStyles, tokens } from '@fluentui/react-components';
import { Trans, useTranslation } from 'react-i18next';
import { answer, api, ifMatch } from '../../api/client.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { CopyField } from '../../parts/copy-button.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { TextField } from '../../parts/fields.tsx';
import { useForm } from '../../parts/use-form.ts';
import { StepFrame } from './step-frame.tsx';
import type { Progress } from './steps.ts';

const useStyles = makeStyles({
  guide: {
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalXL,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
  },
});

const portal = 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/CreateApplicationBlade';

/** The app registration: who Postern is at Microsoft. */
export function AppStep({ progress: { app, isDone } }: { progress: Progress }) {
  const styles = useStyles();
  const { t } = useTranslation('setUp');
  const { kind, federation, problem } = app.credential;
  const takesSecret = kind === 'none' || kind === 'client-secret';
  return (
    <StepFrame step="app" isDone={isDone.app}>
      {app.setBy === 'deployment' ? (
        <Text>{t('app.byDeployment')}</Text>
      ) : (
        <ol className={styles.guide}>
          <li>
            <Trans
              t={t}
              i18nKey="app.register"
              components={{ portal: <Link href={portal} target="_blank" rel="noreferrer" inline /> }}
            />
          </li>
          <li>{t('app.giveRedirect')}</li>
          {takesSecret && <li>{t('app.makeSecret')}</li>}
          <li>{t('app.copyHere')}</li>
        </ol>
      )}
      <Field label={t('app.redirectUri')} hint={t('app.redirectUriHint')}>
        <CopyField value={app.redirectUri} what={t('app.redirectUri')} />
      </Field>
      {app.setBy === 'deployment' ? (
        <Field label={t('app.clientId')}>
          <CopyField value={app.clientId ?? ''} what={t('app.clientId')} />
        </Field>
      ) : (
        <AppForm app={app} takesSecret={takesSecret} />
      )}
      {federation && (
        <Field label={t('app.federation')}>
          <CodeBlock text={JSON.stringify(federation, null, 2)} what={t('app.federation')} />
        </Field>
      )}
      {problem !== undefined && <Text>{problem}</Text>}
    </StepFrame>
  );
}

function AppForm({ app, takesSecret }: { app: Progress['app']; takesSecret: boolean }) {
  const { t } = useTranslation(['setUp', 'words']);
  const form = useForm({
    start: { clientId: app.clientId ?? '', tenant: app.tenant ?? '', clientSecret: '', clientSecretExpiresAt: '' },
    etag: app.etag,
    save: ({ clientId, tenant, clientSecret, clientSecretExpiresAt: day }, { etag }) =>
      answer(
        api.PUT('/v1/app', {
          params: { header: ifMatch(etag) },
          body: {
            clientId: clientId.trim(),
            tenant: tenant.trim(),
            ...(clientSecret !== '' && { clientSecret: clientSecret.trim() }),
            ...(day !== '' && { clientSecretExpiresAt: `${day}T00:00:00Z` }),
          },
        }),
      ),
    done: t('words:saved'),
  });
  return (
    <FormBody form={form} submitLabel={t('words:save')}>
      <TextField form={form} name="clientId" label={t('app.clientId')} hint={t('app.clientIdHint')} isRequired />
      <TextField form={form} name="tenant" label={t('app.tenant')} hint={t('app.tenantHint')} isRequired />
      {takesSecret && (
        <>
          <TextField
            form={form}
            name="clientSecret"
            type="password"
            label={t('app.secret')}
            hint={t(app.credential.kind === 'none' ? 'app.secretHint' : 'app.secretKept')}
            isRequired={app.credential.kind === 'none'}
            autoComplete="new-password"
          />
          <TextField
            form={form}
            name="clientSecretExpiresAt"
            type="date"
            label={t('app.secretExpires')}
            hint={t('app.secretExpiresHint')}
          />
        </>
      )}
    </FormBody>
  );
}
