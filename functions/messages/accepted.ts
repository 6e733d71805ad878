import type { Sender } from '../servers/rewrite-from.ts';

/** What a caller is told about a message that was taken. */
export interface Accepted {
  readonly id: string;
  readonly status: 'queued';
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
}
