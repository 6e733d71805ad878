import { currentLocale } from '../messages/i18n.ts';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size in octets, as people read it. */
export function Bytes({ count }: { count: number }) {
  const step = Math.min(units.length - 1, count < 1000 ? 0 : Math.floor(Math.log10(count) / 3));
  const words = new Intl.NumberFormat(currentLocale(), {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: count < 1e6 ? 0 : 1,
  });
  return words.format(count / 1000 ** step);
}
