/** What is demanded, and whether it was met. */
export interface Budget {
  readonly what: string;
  readonly limit: string;
  readonly measured: number;
  readonly isMet: boolean;
}

export function atMost(what: string, limit: number, measured: number): Budget {
  return { what, limit: `<= ${limit}`, measured, isMet: measured <= limit };
}

export function atLeast(what: string, limit: number, measured: number): Budget {
  return { what, limit: `>= ${limit}`, measured, isMet: measured >= limit };
}
