/** What a mail server reports of one recipient (RFC 3464 2.3). */
export interface ReportedRecipient {
  /** The final and the original address of the recipient. */
  readonly addresses: readonly string[];
  /** `failed` and `delayed` are what a sender has to know. */
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** RFC 3463, as in `5.1.10`. */
  readonly code?: string;
  /** In the server's own words, in one line, bounded. */
  readonly reason: string;
}

/** A delivery status notification: what became of a message. */
export interface DeliveryReport {
  /** The Message-IDs it may be about: of the returned message first, then of what the report answers. */
  readonly messageIds: readonly string[];
  readonly recipients: readonly ReportedRecipient[];
}
