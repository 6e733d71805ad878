import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function Destinations() {
  const { t } = useTranslation('destinations');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
