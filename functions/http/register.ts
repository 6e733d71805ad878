import { app } from '@azure/functions';
import type { Endpoint } from './endpoint.ts';
import { handle } from './handle.ts';
import { methodsOf } from './routes.ts';

/** Makes a function of each endpoint. Access is judged by Postern itself, so the host lets everyone through. */
export function register(endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) {
    app.http(endpoint.name, {
      methods: methodsOf(endpoint),
      route: endpoint.route,
      authLevel: 'anonymous',
      handler: handle(endpoint),
    });
  }
}
