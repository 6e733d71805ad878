/** Asks again and again until there is an answer, half a minute at most. @throws Error when there is none by then */
export async function until<T>(ask: () => Promise<T | undefined | false>, patience = 30_000): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`Waited ${patience / 1000} s for: ${ask.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
