/** Word that there is work. Entries carry ids only; what is to be done stands in the tables. */
export interface WorkQueues {
  /** An outgoing server has messages to send, now or after some seconds. */
  send(outgoingServer: string, seconds?: number): Promise<void>;
  /** These incoming servers are to be read; of those that are `due`, the ones that still are when somebody hears it. */
  fetch(incomingServers: readonly string[], which?: 'due'): Promise<void>;
  /** A destination has deliveries to make, now or after some seconds. */
  deliver(destination: string, seconds?: number): Promise<void>;
}
