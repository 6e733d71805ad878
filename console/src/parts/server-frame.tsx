import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import type { Row } from '../api/reading.ts';
import { Columns } from './columns.tsx';
import { DeleteButton } from './delete-button.tsx';
import { Examination } from './examination.tsx';
import { Loaded } from './loaded.tsx';
import { Page } from './page.tsx';
import { Section } from './section.tsx';

const paths = { outgoingServers: '/v1/outgoing-servers/{id}', incomingServers: '/v1/incoming-servers/{id}' } as const;

/** The page of a server: how it is doing (`aside`), its last test, and its settings. */
export function ServerFrame<S extends Row<'/v1/outgoing-servers'> | Row<'/v1/incoming-servers'>>(props: {
  kind: keyof typeof paths;
  id: string;
  from: UseQueryResult<S>;
  describe: (server: S) => string;
  aside: (server: S) => ReactNode;
  settings: (server: S) => ReactNode;
}) {
  const { kind, id, from, describe, aside, settings } = props;
  const path = paths[kind];
  const { t } = useTranslation([kind, 'parts', 'words']);
  const { data } = from;
  return (
    <Page
      title={data?.name ?? t('server')}
      back={{ to: '/', label: t('title') }}
      {...(data && {
        description: describe(data),
        actions: (
          <DeleteButton
            name={data.name}
            text={t('deleteText')}
            act={() => answer(api.DELETE(path, { params: { path: { id } } }))}
          />
        ),
      })}
    >
      <Loaded from={from}>
        {(server) => (
          <Columns
            isAsideFirst
            aside={
              <>
                {aside(server)}
                <Section title={t('parts:connection')}>
                  <Examination path={`${path}/test`} id={id} lastTest={server.lastTest} />
                </Section>
              </>
            }
          >
            <Section title={t('words:settings')}>{settings(server)}</Section>
          </Columns>
        )}
      </Loaded>
    </Page>
  );
}
