import { Button, Divider, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../../api/problem.ts';
import { useRead } from '../../api/reading.ts';
import { useSigning } from '../../api/session.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

/** By Microsoft where that is set up, or with an admin key, which is exchanged for a session and kept nowhere. */
export function SignInForm() {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  const signing = useSigning();
  const microsoft = useRead('/console/session/options').data?.microsoft ?? false;
  const here = location.pathname + location.search;
  const [key, setKey] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isRefused = isProblem(error, 'unauthenticated') || isProblem(error, 'forbidden');
  const submit = async (): Promise<void> => {
    setIsBusy(true);
    setError(undefined);
    try {
      await signing.signIn(key.trim());
    } catch (thrown) {
      setError(thrown);
      setIsBusy(false);
    }
  };
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {microsoft && (
        <>
          <Button as="a" href={`/console/sign-in?returnTo=${encodeURIComponent(here)}`} appearance="primary">
            {t('signInMicrosoft')}
          </Button>
          <Divider>{t('or')}</Divider>
        </>
      )}
      <Field
        label={t('adminKey')}
        hint={t('adminKeyHint')}
        {...(isRefused && { validationState: 'error', validationMessage: error.problem.detail })}
      >
        <Input
          type="password"
          name="key"
          value={key}
          placeholder="pst_…"
          autoComplete="current-password"
          onChange={(_event, { value }) => {
            setKey(value);
          }}
        />
      </Field>
      {error !== undefined && !isRefused && <ProblemBar error={error} />}
      <ActionButton type="submit" appearance={microsoft ? 'secondary' : 'primary'} isBusy={isBusy}>
        {t('signIn')}
      </ActionButton>
    </form>
  );
}
