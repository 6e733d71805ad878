import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function SetUp() {
  const { t } = useTranslation('setUp');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
