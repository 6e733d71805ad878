import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function Messages() {
  const { t } = useTranslation('messages');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
