import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { ActionButton } from './action-button.tsx';
import { ProblemBar } from './problem-bar.tsx';
import type { Form } from './use-form.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, maxWidth: '36rem' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
});

/** The fields of a form, what is wrong with it as a whole, and the button that sends it. */
export function FormBody<V extends object>(props: {
  form: Form<V>;
  submitLabel: string;
  /** Beside the button that sends it. */
  otherActions?: ReactNode;
  children: ReactNode;
}) {
  const { form, submitLabel, otherActions, children } = props;
  const styles = useStyles();
  const { t } = useTranslation('parts');
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {children}
      {form.complaints.length > 0 && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>
            <MessageBarTitle>{t('notAccepted')}</MessageBarTitle>
            <ul className={styles.list}>
              {form.complaints.map(({ pointer, detail }) => (
                <li key={pointer}>
                  {pointer.slice(1)}: {detail}
                </li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      <Trouble form={form} />
      <div className={styles.actions}>
        <ActionButton type="submit" appearance="primary" isBusy={form.isBusy}>
          {submitLabel}
        </ActionButton>
        {otherActions}
      </div>
    </form>
  );
}

/** Why it was not saved, where no field tells it. */
function Trouble<V extends object>({ form: { error, complaints, startAgain } }: { form: Form<V> }) {
  const { t } = useTranslation('parts');
  if (error === null || complaints.length > 0) return null;
  if (!isProblem(error, 'precondition-failed')) return <ProblemBar error={error} />;
  return (
    <MessageBar intent="warning" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t('changedMeanwhile')}</MessageBarTitle> {t('changedMeanwhileDetail')}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={startAgain}>{t('loadChanged')}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}
