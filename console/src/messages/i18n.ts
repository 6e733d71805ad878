import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    resources: typeof en;
  }
}

export const languages = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof languages;

const kept = 'postern.language';

/** Starts with the language that was chosen here before, else the first of the browser's that there is. */
export async function startMessages(): Promise<void> {
  const wished = [localStorage.getItem(kept), ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  const language = wished.find(isLanguage) ?? 'en';
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: await load(language) },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  for (const [namespace, texts] of Object.entries(await load(language))) {
    i18next.addResourceBundle(language, namespace, texts);
  }
  await i18next.changeLanguage(language);
  localStorage.setItem(kept, language);
  document.documentElement.lang = language;
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en';
}

/** How times and numbers are written: as the viewer's region does, in the language that is shown. */
export function currentLocale(): string {
  const ofLanguage = (tag: string): boolean => tag.toLowerCase().startsWith(`${currentLanguage()}-`);
  return navigator.languages.find((tag) => ofLanguage(tag) && isLocale(tag)) ?? currentLanguage();
}

/** A browser may name a language in a way that it does not know itself: Chromium on Linux says `en-US@posix`. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && tag in languages;
}

async function load(language: Language): Promise<typeof en> {
  return language === 'fr' ? (await import('./fr.ts')).fr : (await import('./en.ts')).en;
}
