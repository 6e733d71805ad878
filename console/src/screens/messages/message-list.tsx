import { SendRegular } from '@fluentui/react-icons/svg/send';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../api/names.ts';
import { FilterSelect, FilterText } from '../../parts/filter-bar.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { MailTable } from '../../parts/mail-table.tsx';
import { Page } from '../../parts/page.tsx';
import { useFilteredList } from '../../parts/use-filtered-list.ts';
import { MessageStatusBadge, messageStatuses, type Message } from './message-status.tsx';

/** All messages, newest first, narrowed as the address says. */
export function MessageList() {
  const { t } = useTranslation(['messages', 'words']);
  const servers = useNames('/v1/outgoing-servers');
  const mail = useFilteredList('/v1/messages', ['q', 'status', 'outgoingServer', 'tag'], { every: 10_000 });
  const { filters } = mail;
  return (
    <Page
      title={t('title')}
      description={t('description')}
      actions={
        <ButtonTo to="/new" appearance="primary" icon={<SendRegular />}>
          {t('compose')}
        </ButtonTo>
      }
    >
      <MailTable
        kind="messages"
        icon={<SendRegular />}
        mail={mail}
        statuses={messageStatuses.map((value) => ({ value, label: t(`words:messageStatus.${value}`) }))}
        filters={
          <>
            <FilterSelect
              filters={filters}
              name="outgoingServer"
              label={t('outgoingServer')}
              options={servers.options}
            />
            <FilterText filters={filters} name="tag" label={t('tag')} isShort />
          </>
        }
        subjectWidth="28%"
        columns={[
          {
            name: 'to',
            header: t('to'),
            width: '22%',
            cell: (message) => recipientsOf(message, (count) => t('andMore', { others: count })),
          },
          {
            name: 'status',
            header: t('words:state'),
            width: '8.5rem',
            cell: ({ status }) => <MessageStatusBadge status={status} />,
          },
          { name: 'server', header: t('outgoingServer'), cell: ({ outgoingServer }) => servers.of(outgoingServer) },
        ]}
        when={{ label: t('accepted'), of: ({ createdAt }) => createdAt }}
      />
    </Page>
  );
}

function recipientsOf({ to, cc, bcc }: Message, more: (count: number) => string): string {
  const [first = '', ...others] = [...to, ...cc, ...bcc];
  return others.length === 0 ? first : `${first} ${more(others.length)}`;
}
