import { Select, Text } from '@fluentui/react-components';
import { LinkRegular } from '@fluentui/react-icons/svg/link';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { CopyField } from '../../parts/copy-button.tsx';
import { Row } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';

const days = [1, 3, 7, 30] as const;

/** A link for the mailbox's owner, who has no key to Postern. It is shown once; a new one ends the one before. */
export function ConnectLink({ account }: { account: components['schemas']['Account'] }) {
  const { t } = useTranslation('accounts');
  const [lasting, setLasting] = useState<number>(3);
  const making = useAction(() =>
    answer(
      api.POST('/v1/accounts/{id}/connect-link', {
        params: { path: { id: account.id } },
        body: { expiresInHours: lasting * 24 },
      }),
    ),
  );
  const link = making.result;
  return (
    <Section title={t('link')} description={t('linkDescription', { address: account.delegate ?? account.address })}>
      <Row>
        <Select
          aria-label={t('linkLasts')}
          value={String(lasting)}
          onChange={(_event, { value }) => {
            setLasting(Number(value));
          }}
        >
          {days.map((count) => (
            <option key={count} value={count}>
              {t('goodFor', { count })}
            </option>
          ))}
        </Select>
        <ActionButton icon={<LinkRegular />} isBusy={making.isBusy} onClick={making.run}>
          {t(link === undefined ? 'makeLink' : 'makeNewLink')}
        </ActionButton>
      </Row>
      {link && (
        <>
          <CopyField value={link.url} what={t('connectLink')} />
          <Text>
            {t('linkExpires')} <Time at={link.expiresAt} />. {t('linkOnce')}
          </Text>
        </>
      )}
    </Section>
  );
}
