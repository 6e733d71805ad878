import { useTranslation } from 'react-i18next';
import { useRead } from '../../api/reading.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';

export default function Overview() {
  const { t } = useTranslation('overview');
  const status = useRead('/v1/status', {}, { every: 10_000 });
  return (
    <Page title={t('title')} description={t('description')}>
      <Loaded from={status}>{({ accounts }) => accounts.length}</Loaded>
    </Page>
  );
}
