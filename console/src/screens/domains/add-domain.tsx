import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { DomainForm } from './domain-form.tsx';

export function AddDomain() {
  const { t } = useTranslation('domains');
  return (
    <Page title={t('addTitle')} description={t('addDescription')} back={{ to: '/', label: t('title') }}>
      <Section>
        <DomainForm />
      </Section>
    </Page>
  );
}
