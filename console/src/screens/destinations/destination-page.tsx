import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { answer, api, ifMatch } from '../../api/client.ts';
import { useList, useRead, type Answer } from '../../api/reading.ts';
import { CauseBar } from '../../parts/cause.tsx';
import { DeliveryTable } from '../../parts/delivery-table.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { SettingsForm } from '../../parts/settings-form.tsx';
import { changesOf, valuesOf, type Destination } from './destination.ts';
import { DestinationActions, EnableButton } from './destination-actions.tsx';
import { DestinationFields } from './destination-fields.tsx';
import { DestinationStateBadge, isFailing } from './destination-state.tsx';
import { SigningSecret } from './signing-secret.tsx';

/** One destination: how it is doing, what is on its way there, and its settings. */
export function DestinationPage({ id }: { id: string }) {
  const { t } = useTranslation(['destinations', 'words']);
  const destination = useRead('/v1/destinations/{id}', { params: { path: { id } } }, { every: 10_000 });
  const { data } = destination;
  return (
    <Page
      title={data?.name ?? t('destination')}
      {...(data && { description: <DestinationStateBadge destination={data} /> })}
      back={{ to: '/', label: t('title') }}
      actions={data && <DestinationActions destination={data} />}
    >
      <Loaded from={destination}>
        {(read) => (
          <>
            <Trouble destination={read} />
            <DeliveriesTo id={id} />
            <Section title={t('words:settings')}>
              <Settings destination={read} />
            </Section>
            {read.kind === 'webhook' && <SigningSecret destination={read} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Trouble({ destination }: { destination: Destination }) {
  const { t } = useTranslation('destinations');
  const { state, cause, lastError } = destination;
  if (state === 'disabled' && cause !== undefined) {
    return <CauseBar cause={cause} title={t('wasDisabled')} actions={<EnableButton destination={destination} />} />;
  }
  if (lastError === undefined || !isFailing(destination)) return null;
  return <CauseBar cause={lastError} title={t('failing')} intent="warning" />;
}

function Settings({ destination }: { destination: Answer<'/v1/destinations/{id}'> }) {
  const path = { id: destination.id };
  return (
    <SettingsForm
      start={valuesOf(destination)}
      etag={destination.etag}
      save={(values, { etag }) => {
        const params = { path, header: ifMatch(etag) };
        return answer(api.PATCH('/v1/destinations/{id}', { params, body: changesOf(values) }));
      }}
    >
      {(form) => <DestinationFields form={form} isNew={false} />}
    </SettingsForm>
  );
}

function DeliveriesTo({ id }: { id: string }) {
  const { t } = useTranslation('destinations');
  const list = useList('/v1/deliveries', { destination: id, limit: 10 }, { every: 5_000 });
  return (
    <Section
      title={t('deliveries')}
      actions={<ButtonTo to={`/deliveries?destination=${id}`}>{t('allDeliveriesTo')}</ButtonTo>}
    >
      <DeliveryTable isOfOne list={list} empty={<Text>{t('noDeliveriesYet')}</Text>} />
    </Section>
  );
}
