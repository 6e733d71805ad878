import { Button, Text } from '@fluentui/react-components';
import { KeyResetRegular } from '@fluentui/react-icons/svg/key-reset';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { NumberField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useForm } from '../../parts/use-form.ts';
import type { Destination } from './destination.ts';
import { ShownSecret } from './shown-secret.tsx';

/** What a webhook's calls are signed with: it can be replaced, and is seen in that moment alone. */
export function SigningSecret({ destination: { id, formerSecretUntil } }: { destination: Destination }) {
  const { t } = useTranslation('destinations');
  const [secret, setSecret] = useState<string>();
  return (
    <Section
      title={t('secret')}
      description={t('secretDetail')}
      actions={
        <FormDialog label={t('rotate')} icon={<KeyResetRegular />} title={t('rotateTitle')}>
          {(close) => <RotateForm id={id} rotated={setSecret} close={close} />}
        </FormDialog>
      }
    >
      {formerSecretUntil !== undefined && (
        <Text>
          {t('formerSecretUntil')} <Time at={formerSecretUntil} />
        </Text>
      )}
      {secret !== undefined && <ShownSecret secret={secret} />}
    </Section>
  );
}

function RotateForm(props: { id: string; rotated: (secret: string) => void; close: () => void }) {
  const { id, rotated, close } = props;
  const { t } = useTranslation(['destinations', 'parts']);
  const form = useForm<{ overlapHours: number | null }, { secret: string }>({
    start: { overlapHours: 24 },
    save: ({ overlapHours }) =>
      answer(
        api.POST('/v1/destinations/{id}/rotate-secret', {
          params: { path: { id } },
          body: overlapHours === null ? {} : { overlapHours },
        }),
      ),
    after: ({ secret }) => {
      rotated(secret);
      close();
    },
  });
  return (
    <FormBody form={form} submitLabel={t('rotate')} otherActions={<Button onClick={close}>{t('parts:cancel')}</Button>}>
      <NumberField
        form={form}
        name="overlapHours"
        label={t('overlapHours')}
        hint={t('overlapHoursHint')}
        min={0}
        max={168}
      />
    </FormBody>
  );
}
