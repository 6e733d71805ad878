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
