import localFont from 'next/font/local';

/**
 * Latin letters of the interface's font, preloaded, with a fallback of the same measure: nothing moves when it comes.
 * Other scripts come from the same font's files by `@fontsource-variable/inter`, when a page has such letters.
 */
export const inter = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  weight: '100 900',
  display: 'swap',
  variable: '--font-inter',
  adjustFontFallback: 'Arial',
});
