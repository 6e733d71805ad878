import { Link, makeStyles, tokens } from '@fluentui/react-components';
import { AttachRegular } from '@fluentui/react-icons/svg/attach';
import { useTranslation } from 'react-i18next';
import { Bytes } from '../../parts/bytes.tsx';
import type { ReceivedMessage } from './received-status.tsx';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  item: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  icon: { fontSize: '20px', lineHeight: 0, color: tokens.colorNeutralForeground3 },
  name: { overflowWrap: 'anywhere', minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The files that came with a mail, to be downloaded: none is ever shown here. */
export function Attachments({ mail }: { mail: ReceivedMessage }) {
  const styles = useStyles();
  const { t } = useTranslation('received');
  return (
    <ul className={styles.list}>
      {mail.attachments.map(({ filename, contentType, size, disposition }, index) => (
        <li key={index} className={styles.item}>
          <span className={styles.icon} aria-hidden>
            <AttachRegular />
          </span>
          <Link href={`/v1/received/${mail.id}/attachments/${index}`} download={filename} className={styles.name}>
            {filename}
          </Link>
          <span className={styles.quiet}>
            {contentType}, <Bytes count={size} />
            {disposition === 'inline' && `, ${t('inline')}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
