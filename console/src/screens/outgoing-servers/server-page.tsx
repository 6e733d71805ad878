import { useTranslation } from 'react-i18next';
import { answer, api, ifMatch } from '../../api/client.ts';
import { useRead, type Answer } from '../../api/reading.ts';
import { changedOf } from '../../parts/changed-of.ts';
import { ServerFrame } from '../../parts/server-frame.tsx';
import { SettingsForm } from '../../parts/settings-form.tsx';
import { ServerFields } from './server-fields.tsx';
import { ServerState } from './server-state.tsx';
import { toPatch, toValues } from './server-values.ts';

export function ServerPage({ id }: { id: string }) {
  const { t } = useTranslation('outgoingServers');
  return (
    <ServerFrame
      kind="outgoingServers"
      id={id}
      from={useRead('/v1/outgoing-servers/{id}', { params: { path: { id } } }, { every: 15_000 })}
      describe={({ auth, username, host }) => t(`describe.${auth}`, { username, host })}
      aside={(server) => <ServerState server={server} />}
      settings={(server) => <Settings server={server} />}
    />
  );
}

function Settings({ server }: { server: Answer<'/v1/outgoing-servers/{id}'> }) {
  const path = { id: server.id };
  return (
    <SettingsForm
      start={toValues(server)}
      etag={server.etag}
      save={(values, { start, etag }) => {
        const body = changedOf(toPatch(start), toPatch(values));
        return answer(api.PATCH('/v1/outgoing-servers/{id}', { params: { path, header: ifMatch(etag) }, body }));
      }}
    >
      {(form) => <ServerFields form={form} isKept />}
    </SettingsForm>
  );
}
