/** A place in the console, or its beginning where the text names none. */
export function consolePathOf(text: string | undefined): string {
  const isPlace = text !== undefined && /^\/console(?:[/?][\w\-./@%=&?+]*)?$/.test(text);
  return isPlace && !text.includes('..') ? text : '/console';
}
