import { Title3, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Brand } from '../../shell/brand.tsx';
import { SignInForm } from './sign-in-form.tsx';

const useStyles = makeStyles({
  page: {
    minHeight: '100dvh',
    boxSizing: 'border-box',
    display: 'grid',
    placeItems: 'center',
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  card: {
    boxSizing: 'border-box',
    width: 'min(26rem, 100%)',
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXL,
    padding: '2rem',
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow8,
  },
});

/** Stands where the asked page would, so that signing in ends there. */
export default function SignIn() {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  useEffect(() => {
    document.title = `${t('signIn')} · Postern`;
  }, [t]);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Brand />
        <Title3 as="h1" style={{ margin: 0 }}>
          {t('signIn')}
        </Title3>
        <SignInForm />
      </div>
    </main>
  );
}
