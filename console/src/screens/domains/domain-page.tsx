import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useRead } from '../../api/reading.ts';
import { DeleteButton } from '../../parts/delete-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { DomainForm } from './domain-form.tsx';

export function DomainPage({ domain }: { domain: string }) {
  const { t } = useTranslation('domains');
  const params = { path: { domain } };
  const kept = useRead('/v1/domains/{domain}', { params });
  return (
    <Page
      title={domain}
      description={t('description')}
      back={{ to: '/', label: t('title') }}
      {...(kept.data && {
        actions: (
          <DeleteButton
            name={domain}
            text={t('deleteText')}
            act={() => answer(api.DELETE('/v1/domains/{domain}', { params }))}
          />
        ),
      })}
    >
      <Section>
        <Loaded from={kept}>{(data) => <DomainForm kept={data} />}</Loaded>
      </Section>
    </Page>
  );
}
