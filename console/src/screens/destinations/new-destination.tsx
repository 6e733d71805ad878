import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { SelectField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { useForm } from '../../parts/use-form.ts';
import { emptyDestination, newDestinationOf, type Kind } from './destination.ts';
import { DestinationFields } from './destination-fields.tsx';
import { ShownSecret } from './shown-secret.tsx';

type Added = components['schemas']['NewDestination'];

const kinds: readonly Kind[] = ['webhook', 'queue', 'odoo'];

/** Adds a destination; what a webhook is signed with is shown here, once. */
export function NewDestination() {
  const { t } = useTranslation(['destinations', 'words']);
  const [, navigate] = useLocation();
  const [made, setMade] = useState<Added>();
  const form = useForm({
    start: emptyDestination,
    save: (values) => answer(api.POST('/v1/destinations', { body: newDestinationOf(values) })),
    after: (added) => {
      if (added.secret === undefined) navigate(`/${added.id}`);
      else setMade(added);
    },
  });
  const { kind } = form.values;
  const back = { to: '/', label: t('title') };
  if (made?.secret !== undefined) {
    return (
      <Page title={t('added', { name: made.name })} description={t('addedDetail')} back={back}>
        <Section>
          <ShownSecret secret={made.secret} />
          <div>
            <ButtonTo to={`/${made.id}`} appearance="primary">
              {t('secretKept')}
            </ButtonTo>
          </div>
        </Section>
      </Page>
    );
  }
  return (
    <Page title={t('add')} description={t('addDetail')} back={back}>
      <Section>
        <FormBody form={form} submitLabel={t('words:create')}>
          <SelectField
            form={form}
            name="kind"
            label={t('kind')}
            hint={t(`kindHint.${kind}`)}
            options={kinds.map((value) => ({ value, label: t(`words:destinationKind.${value}`) }))}
          />
          <DestinationFields form={form} isNew />
        </FormBody>
      </Section>
    </Page>
  );
}
