import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { ChevronUpRegular } from '@fluentui/react-icons/svg/chevron-up';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const useStyles = makeStyles({
  button: { alignSelf: 'flex-start', marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalM})` },
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

/** The fields of a form that most people leave as they are. */
export function MoreSettings({ label, children }: { label?: string; children: ReactNode }) {
  const styles = useStyles();
  const { t } = useTranslation('parts');
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <>
      <Button
        className={styles.button}
        appearance="transparent"
        icon={isOpen ? <ChevronUpRegular /> : <ChevronDownRegular />}
        aria-expanded={isOpen}
        {...(isOpen && { 'aria-controls': id })}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        {label ?? t('moreSettings')}
      </Button>
      {isOpen && (
        <div id={id} className={styles.fields}>
          {children}
        </div>
      )}
    </>
  );
}
