import { Button, ProgressBar, type ButtonProps } from '@fluentui/react-components';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { everyPage, type Act } from '../api/every-page.ts';
import { FormBody } from './form-body.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useForm, type Form } from './use-form.ts';

interface Many<V extends object> {
  readonly label: string;
  readonly icon: ReactElement;
  readonly appearance?: NonNullable<ButtonProps['appearance']>;
  readonly start: V;
  /** What is done to a page of those that the form says. */
  readonly act: (values: V) => Act;
  readonly submitLabel: string;
  readonly done: string;
  readonly children: (form: Form<V>) => ReactNode;
}

/** A button that does something to many, page by page: which, it asks first; how far it has come, it tells. */
export function ManyDialog<V extends object>(many: Many<V>) {
  const { label, icon, appearance = 'secondary' } = many;
  return (
    <FormDialog label={label} icon={icon} appearance={appearance} title={label}>
      {(close) => <ManyForm {...many} close={close} />}
    </FormDialog>
  );
}

function ManyForm<V extends object>(props: Many<V> & { close: () => void }) {
  const { start, act, submitLabel, done, children, close } = props;
  const { t } = useTranslation('parts');
  const [count, setCount] = useState(0);
  const form = useForm({ start, save: (values) => everyPage(act(values), setCount), done, after: close });
  return (
    <FormBody form={form} submitLabel={submitLabel} otherActions={<Button onClick={close}>{t('cancel')}</Button>}>
      {children(form)}
      {form.isBusy && (
        <div role="status">
          <ProgressBar />
          {t('soFar', { done: count })}
        </div>
      )}
    </FormBody>
  );
}
