/** Room for so many octets at a time in this process; who finds none waits until there is, first come, first served. */
export interface Room {
  /** Does the work once its octets have room. What is larger than the whole room is done alone. */
  within<T>(octets: number, work: () => Promise<T>): Promise<T>;
}

export function createRoom(capacity: number): Room {
  let free = capacity;
  const waiting: { need: number; enter: () => void }[] = [];

  function letIn(): void {
    for (let next = waiting[0]; next !== undefined && next.need <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.need;
      next.enter();
    }
  }

  return {
    async within(octets, work) {
      const need = Math.min(octets, capacity);
      await new Promise<void>((enter) => {
        waiting.push({ need, enter });
        letIn();
      });
      try {
        return await work();
      } finally {
        free += need;
        letIn();
      }
    },
  };
}
