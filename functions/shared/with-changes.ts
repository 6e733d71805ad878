/** A thing with some of its fields changed; a field given as undefined stays as it was. */
export function withChanges<T extends object>(value: T, changes: { readonly [K in keyof T]?: T[K] | undefined }): T {
  return { ...value, ...Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== undefined)) };
}
