import { useTranslation } from 'react-i18next';
import { Page } from '../parts/page.tsx';
import { ButtonTo } from '../parts/link-to.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation('shell');
  return (
    <Page title={t('notFound')} description={t('notFoundDetail')}>
      <div>
        <ButtonTo to="~/console/">{t('toOverview')}</ButtonTo>
      </div>
    </Page>
  );
}
