import { toOpenApi } from '../functions/http/openapi.ts';
import { allEndpoints } from '../functions/triggers/system.ts';

// Run by the build in a process of its own: outside a host the triggers complain about having none.
process.stdout.write(JSON.stringify(toOpenApi(allEndpoints, '/')));
