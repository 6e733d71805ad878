import { describe, expect, it } from 'vitest';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const folder = 'console/src/messages';
const read = (language: string, file: string): Map<string, string> =>
  new Map(flat(JSON.parse(readFileSync(`${folder}/${language}/${file}`, 'utf8')) as object));

/** Every text with its path. */
function flat(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]: [string, unknown]) =>
    typeof text === 'string' ? [[path + key, text] as [string, string]] : flat(text as object, `${path}${key}.`),
  );
}

const plural = /_(?:zero|one|two|few|many|other)$/;
const meanings = (texts: Map<string, string>): string[] =>
  [...new Set([...texts.keys()].map((key) => key.replace(plural, '')))].toSorted();
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)[^}]*\}\}/g)].map(([, name]) => name ?? '').toSorted();

const files = globSync(`${folder}/en/*.json`).map((file) => basename(file));

describe('the texts of the console', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThanOrEqual(13);
    expect(globSync(`${folder}/fr/*.json`).length).toBe(files.length);
  });

  it.each(files)('%s says the same in English and in French, with the same placeholders', (file) => {
    const [en, fr] = [read('en', file), read('fr', file)];
    expect(meanings(fr)).toEqual(meanings(en));
    for (const [key, text] of en) {
      const other = fr.get(key);
      if (other !== undefined) expect(placeholders(other), key).toEqual(placeholders(text));
    }
    expect([...en.values(), ...fr.values()]).not.toContain('');
  });

  it.each(files)('%s has every plural of each language', (file) => {
    for (const language of ['en', 'fr']) {
      const texts = read(language, file);
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const counted = [...texts.keys()].filter((key) => plural.test(key)).map((key) => key.replace(plural, ''));
      for (const key of counted) {
        for (const form of forms) expect(texts.has(`${key}_${form}`), `${language} ${key}_${form}`).toBe(true);
      }
    }
  });
});
