const minute = 60_000;
const minutes = 60;

/** Those whose minute of the hour it is: each of a list has one, in turn. */
export function ofThisMinute<T>(list: readonly T[], now: Date): T[] {
  const turn = Math.floor(now.getTime() / minute) % minutes;
  return list.filter((_, index) => index % minutes === turn);
}
