import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';

export default function OutgoingServers() {
  const { t } = useTranslation('outgoingServers');
  return (
    <Page title={t('title')} description={t('description')}>
      {null}
    </Page>
  );
}
