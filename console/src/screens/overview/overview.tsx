import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function Overview() {
  const { t } = useTranslation('overview');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
