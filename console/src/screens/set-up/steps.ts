import { useRead, type Answer } from '../../api/reading.ts';

/** The way from nothing to a mail that came round, in order. */
export const steps = ['app', 'account', 'outgoing-server', 'incoming-server', 'destination', 'test-mail'] as const;
export type Step = (typeof steps)[number];

/** What has been set up so far. */
export interface Progress {
  readonly app: Answer<'/v1/app'>;
  readonly accounts: Answer<'/v1/accounts'>['data'];
  readonly outgoingServers: Answer<'/v1/outgoing-servers'>['data'];
  readonly incomingServers: Answer<'/v1/incoming-servers'>['data'];
  readonly destinations: Answer<'/v1/destinations'>['data'];
  readonly isDone: Readonly<Record<Step, boolean>>;
  /** Where to go on; the first step where there is nothing left to do. */
  readonly next: Step;
}

const all = { params: { query: { limit: 200 } } } as const;

/** Reads how far the set-up has come: everything is seen in what there is, nothing is noted of the way itself. */
export function useProgress(): { progress: Progress | undefined; error: Error | null; retry: () => void } {
  const app = useRead('/v1/app');
  const accounts = useRead('/v1/accounts', all);
  const outgoing = useRead('/v1/outgoing-servers', all);
  const incoming = useRead('/v1/incoming-servers', all);
  const destinations = useRead('/v1/destinations', all);
  const received = useRead('/v1/received', { params: { query: { limit: 1 } } });
  const reads = [app, accounts, outgoing, incoming, destinations, received];
  const error = reads.find((read) => read.error !== null && read.data === undefined)?.error ?? null;
  const retry = (): void => {
    for (const read of reads) void read.refetch();
  };
  if (!app.data || !accounts.data || !outgoing.data || !incoming.data || !destinations.data || !received.data) {
    return { progress: undefined, error, retry };
  }
  const hasMail = received.data.data.length > 0;
  const isDone = {
    app: app.data.configured && app.data.credential.kind !== 'none',
    account: accounts.data.data.some(({ state }) => state === 'connected'),
    'outgoing-server': outgoing.data.data.some(({ active }) => active),
    'incoming-server': incoming.data.data.some(({ state }) => state === 'confirmed'),
    destination: destinations.data.data.length > 0,
    'test-mail': hasMail,
  };
  // A destination can be left out: received mail is also read through the API.
  const next = steps.find((step) => !isDone[step] && !(step === 'destination' && hasMail)) ?? steps[0];
  const progress = {
    app: app.data,
    accounts: accounts.data.data,
    outgoingServers: outgoing.data.data,
    incomingServers: incoming.data.data,
    destinations: destinations.data.data,
    isDone,
    next,
  };
  return { progress, error: null, retry };
}
