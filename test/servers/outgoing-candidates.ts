import type { Candidate } from '../../functions/servers/choose-outgoing-server.ts';

/** An active server named after its id, with its From filter written as a comma list. */
export function server(id: string, filter: string, differing: Partial<Candidate> = {}): Candidate {
  const fromFilter = filter === '' ? [] : filter.split(',').map((entry) => entry.trim());
  return { id, name: id, active: true, priority: 10, createdAt: '2026-01-01T00:00:00.000Z', fromFilter, ...differing };
}

/** The same servers with the priority they are listed in. */
export function inOrder(servers: readonly Candidate[]): Candidate[] {
  return servers.map((listed, priority) => ({ ...listed, priority }));
}
