import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function ApiKeys() {
  const { t } = useTranslation('apiKeys');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
