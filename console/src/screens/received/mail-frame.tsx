import { Button, MessageBar, MessageBarActions, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { ImageRegular } from '@fluentui/react-icons/svg/image';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReceivedMessage } from './received-status.tsx';

const useStyles = makeStyles({
  // Mail is written for paper: light, whatever the console is.
  frame: {
    boxSizing: 'border-box',
    width: '100%',
    height: '50vh',
    minHeight: '16rem',
    resize: 'vertical',
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: '#ffffff',
    colorScheme: 'light',
  },
});

/**
 * The HTML of a mail, in a frame that can run nothing, reach nothing of this page, and load nothing from elsewhere until
 * somebody asks for the images.
 */
export function MailFrame({ mail: { id, safeHtml = '', subject } }: { mail: ReceivedMessage }) {
  const styles = useStyles();
  const { t } = useTranslation('received');
  const [isRemote, setIsRemote] = useState(false);
  const hasRemote = safeHtml.includes(' data-src="https:');
  return (
    <>
      {hasRemote && !isRemote && (
        <MessageBar intent="info" layout="multiline" icon={<ImageRegular />}>
          <MessageBarBody>{t('remoteHeldBack')}</MessageBarBody>
          <MessageBarActions>
            <Button
              onClick={() => {
                setIsRemote(true);
              }}
            >
              {t('showRemote')}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <iframe
        key={String(isRemote)}
        className={styles.frame}
        title={t('frameTitle', { subject: subject || t('noSubject') })}
        src={`/v1/received/${encodeURIComponent(id)}/html?images=${isRemote ? 'remote' : 'own'}`}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
      />
    </>
  );
}
