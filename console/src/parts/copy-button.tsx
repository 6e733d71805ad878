import { Button, Input, Tooltip, makeStyles } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Copies a text, and says that it did. `what` names it: "Copy redirect URI". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const { t } = useTranslation('parts');
  const [isCopied, setIsCopied] = useState(false);
  const label = isCopied ? t('copied') : t('copy', { what });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => {
      setIsCopied(false);
    }, 2_000);
  };
  return (
    <>
      <Tooltip content={label} relationship="label">
        <Button
          appearance="subtle"
          size="small"
          icon={isCopied ? <CheckmarkRegular /> : <CopyRegular />}
          onClick={() => void copy()}
        />
      </Tooltip>
      <span role="status" style={{ position: 'absolute', clipPath: 'inset(50%)', width: 1, height: 1 }}>
        {isCopied && t('copied')}
      </span>
    </>
  );
}

const useStyles = makeStyles({ input: { width: '100%', fontFamily: 'ui-monospace, Consolas, monospace' } });

/** A value to be pasted elsewhere: it can be selected and copied, not changed. For inside a Fluent `Field`. */
export function CopyField({ value, what, id }: { value: string; what: string; id?: string }) {
  const styles = useStyles();
  return (
    <Input
      {...(id !== undefined && { id })}
      className={styles.input}
      readOnly
      value={value}
      aria-label={what}
      onFocus={(event) => {
        event.target.select();
      }}
      contentAfter={<CopyButton text={value} what={what} />}
    />
  );
}
