/** What the host's process and the one that started it say to each other. */

export interface ToHost {
  type: 'runTimer';
  id: number;
  name: string;
}

export type FromHost =
  { type: 'ready'; url: string; masterKey: string } | { type: 'timerRan'; id: number; error?: string };
