import { Tab, TabList, makeStyles, tokens } from '@fluentui/react-components';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFilters } from '../../parts/use-filters.ts';
import { MailFrame } from './mail-frame.tsx';
import { MailSource } from './mail-source.tsx';
import type { ReceivedMessage } from './received-status.tsx';

const useStyles = makeStyles({
  panel: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, minWidth: 0 },
  text: { margin: 0, fontFamily: 'inherit', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
});

/** What a mail says: as it was laid out, its text alone, or as it came. */
export function MailView({ mail }: { mail: ReceivedMessage }) {
  const styles = useStyles();
  const { t } = useTranslation('received');
  const filters = useFilters(['view']);
  const id = useId();
  const views = mail.safeHtml === undefined ? (['text', 'source'] as const) : (['html', 'text', 'source'] as const);
  const view = views.find((each) => each === filters.values.view) ?? views[0];
  return (
    <>
      <TabList
        selectedValue={view}
        onTabSelect={(_event, { value }) => {
          filters.set('view', value as string);
        }}
      >
        {views.map((each) => (
          <Tab key={each} value={each} id={`${id}-${each}`} aria-controls={`${id}-panel`}>
            {t(`view.${each}`)}
          </Tab>
        ))}
      </TabList>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${view}`} className={styles.panel}>
        {view === 'html' && <MailFrame mail={mail} />}
        {view === 'text' && <pre className={styles.text}>{mail.text || t('noText')}</pre>}
        {view === 'source' && <MailSource id={mail.id} />}
      </div>
    </>
  );
}
