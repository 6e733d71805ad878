import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function Domains() {
  const { t } = useTranslation('domains');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
