import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function Received() {
  const { t } = useTranslation('received');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
