import { FluentProvider } from '@fluentui/react-components';
import { createContext, use, useState, useSyncExternalStore, type ReactNode } from 'react';
import { darkTheme, lightTheme } from './theme.ts';

/** `system`: as the machine is set. */
export const appearances = ['system', 'light', 'dark'] as const;
export type Appearance = (typeof appearances)[number];

interface Choice {
  readonly appearance: Appearance;
  readonly choose: (appearance: Appearance) => void;
}

const kept = 'postern.appearance';
const Context = createContext<Choice | undefined>(undefined);
const darkness = window.matchMedia('(prefers-color-scheme: dark)');

/** Light or dark for all that is inside, and Fluent's styles. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [appearance, setAppearance] = useState(readKept);
  const isSystemDark = useSyncExternalStore(onDarkness, () => darkness.matches);
  const isDark = appearance === 'system' ? isSystemDark : appearance === 'dark';
  const choose = (chosen: Appearance): void => {
    localStorage.setItem(kept, chosen);
    setAppearance(chosen);
  };
  return (
    <Context value={{ appearance, choose }}>
      <FluentProvider
        theme={isDark ? darkTheme : lightTheme}
        style={{ minHeight: '100dvh', colorScheme: isDark ? 'dark' : 'light' }}
      >
        {children}
      </FluentProvider>
    </Context>
  );
}

export function useAppearance(): Choice {
  const choice = use(Context);
  if (choice === undefined) throw new Error('There is no AppearanceProvider.');
  return choice;
}

function onDarkness(changed: () => void): () => void {
  darkness.addEventListener('change', changed);
  return () => {
    darkness.removeEventListener('change', changed);
  };
}

function readKept(): Appearance {
  const word = localStorage.getItem(kept);
  return appearances.find((each) => each === word) ?? 'system';
}
