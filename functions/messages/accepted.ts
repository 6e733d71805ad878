import type { Sender } from '../servers/rewrite-from.ts';
import { GatewayError, type ErrorCode, type ErrorData } from '../shared/errors.ts';
import type { MessageStatus } from './message.ts';

/** What a caller is told about a message that was taken. */
export interface Accepted {
  readonly id: string;
  readonly status: MessageStatus;
  readonly messageId: string;
  readonly from: string;
  readonly outgoingServer: string;
  readonly estimatedSendAt: string;
  readonly createdAt: string;
}

/** All that is fixed about a message before it is written: what its caller is told, and whom it is from. */
export interface Planned {
  readonly answer: Accepted;
  readonly sender: Sender;
  /** Octets the outgoing server takes, where that is set. */
  readonly maxSize?: number | undefined;
}

/** A message of a batch that is not taken: why, in the form that is kept. */
export interface Refused {
  readonly refused: { readonly code: ErrorCode; readonly detail: string; readonly data: ErrorData };
}

export type PlannedItem = Planned | Refused;

export function isPlanned(item: PlannedItem): item is Planned {
  return 'answer' in item;
}

/** A hundred of them are kept in one row, which holds a megabyte. */
const errorsKept = 20;

/** A refusal in the form that is kept. */
export function toRefused({ code, message, data }: GatewayError): Refused {
  const { errors, remedy } = data;
  return {
    refused: {
      code,
      detail: message.slice(0, 1000),
      data: {
        ...(errors !== undefined && { errors: errors.slice(0, errorsKept) }),
        ...(remedy !== undefined && { remedy }),
      },
    },
  };
}

/** The refusal that was kept. */
export function toError({ refused: { code, detail, data } }: Refused): GatewayError {
  return new GatewayError(code, detail, { data });
}
