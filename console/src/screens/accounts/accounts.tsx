import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function Accounts() {
  const { t } = useTranslation('accounts');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
