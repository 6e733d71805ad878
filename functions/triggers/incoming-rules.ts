import { endpoint, uploadForm } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { demandReferences, idParams, require } from '../http/resource.ts';
import { resolutionSchema, resolveBody, toHead } from '../http/schemas/resolve-schema.ts';
import { destinationLists } from '../http/schemas/rule-schema.ts';
import { requireReceived } from '../received/require-received.ts';
import { headOf, headOfReceived, resolveMail } from '../received/resolve-mail.ts';

const params = idParams('inc');
const bodyLimit = 150 * 1024 * 1024;

export const incomingRuleEndpoints = [
  endpoint({
    name: 'resolveIncomingMail',
    method: 'POST',
    route: 'v1/incoming-servers/{id}/resolve',
    access: 'admin',
    topic: 'Incoming servers',
    summary: 'What the rules of a server, or others, would do about a message, and why',
    params,
    body: resolveBody,
    uploads: {
      'message/rfc822': uploadForm({
        shape: { description: 'The message as it would come; its header is looked at.' },
        bodyLimit,
        async run(_call, input, services) {
          const { incomingServers, mimeParser } = services();
          const { value } = await require(incomingServers, params.parse(input.params).id);
          const head = await headOf(input.body.content);
          return { body: await resolveMail(value, value.rules ?? [], head, mimeParser) };
        },
      }),
    },
    status: 200,
    answer: resolutionSchema,
    async run(call, { params: { id }, body }, services) {
      const { incomingServers, destinations, received, rawMail, mimeParser } = services();
      const { value } = await require(incomingServers, id);
      await demandReferences(destinationLists({ rules: body.rules }), destinations);
      const head =
        body.received === undefined
          ? toHead(body.message ?? {})
          : await headOfReceived(await requireReceived(call.caller, body.received, received), rawMail);
      return { body: await resolveMail(value, body.rules ?? value.rules ?? [], head, mimeParser) };
    },
  }),
];

register(incomingRuleEndpoints);
