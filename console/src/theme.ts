import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from '@fluentui/react-components';

/** The blue of Postern's own pages, from dark to light. */
const brand: BrandVariants = {
  10: '#020a14',
  20: '#06192e',
  30: '#08274a',
  40: '#093463',
  50: '#0a4079',
  60: '#0b4b8f',
  70: '#0b57a4',
  80: '#0b57a4',
  90: '#2a6db3',
  100: '#437fc0',
  110: '#5a90cc',
  120: '#72a2d8',
  130: '#8ab4e3',
  140: '#a3c6ed',
  150: '#bdd8f5',
  160: '#d9eafb',
};

export const lightTheme: Theme = createLightTheme(brand);

const dark = createDarkTheme(brand);
// On dark ground the ramp's usual steps for text and links are too dim to read (WCAG 2.2, 1.4.3).
export const darkTheme: Theme = {
  ...dark,
  colorBrandForeground1: brand[130],
  colorBrandForeground2: brand[140],
  colorBrandForegroundLink: brand[130],
  colorBrandForegroundLinkHover: brand[140],
  colorBrandForegroundLinkPressed: brand[120],
};
