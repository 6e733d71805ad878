import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function IncomingServers() {
  const { t } = useTranslation('incomingServers');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
