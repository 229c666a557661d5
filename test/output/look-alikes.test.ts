import { describe, expect, it } from 'vitest';
import { withoutLookAlikes } from '../../src/output/look-alikes.ts';

describe('letters that pass for others', () => {
  it.each([
    ['an а of Cyrillic', 'tank/f\u0430mily', String.raw`tank/f\u0430mily`],
    [
      'a word of such letters alone',
      'tank/\u0441\u043e\u0440\u0443',
      String.raw`tank/\u0441\u043e\u0440\u0443`,
    ],
    ['an ο of Greek', 'ph\u03bftos', String.raw`ph\u03bftos`],
    ['an օ of Armenian', 'ph\u0585tos', String.raw`ph\u0585tos`],
    ['a wide letter', '\uff46amily', String.raw`\uff46amily`],
    ['a letter of mathematics', 'f\u{1d5ba}mily', String.raw`f\u{1d5ba}mily`],
    ['a letter of phonetics', 'f\u0251mily', String.raw`f\u0251mily`],
    ['an accent by itself', 'Mu\u0308ller', String.raw`Mu\u0308ller`],
    ['a stroke through a letter', 'ta\u0338nk', String.raw`ta\u0338nk`],
    ['a slash that is none', '/mnt/tank\u2215finance', String.raw`/mnt/tank\u2215finance`],
    ['a wide slash', '/mnt/tank\uff0ffinance', String.raw`/mnt/tank\uff0ffinance`],
    ['a hyphen that is none', 'tank\u2010a', String.raw`tank\u2010a`],
    ['a dash for a hyphen', 'tank\u2013a', String.raw`tank\u2013a`],
    ['a colon that is none', 'org\ua789x', String.raw`org\ua789x`],
    ['a dot that is none', 'nas\u2024example', String.raw`nas\u2024example`],
    ['one of them beside plain Cyrillic', 'Фото/f\u0430mily', String.raw`Фото/f\u0430mily`],
  ])('%s is shown as what it is', (_what, text, shown) => {
    expect(withoutLookAlikes(text)).toBe(shown);
  });

  it.each([
    'tank/media',
    'Fotos für Zoë, año 2024',
    'Семейные фотографии',
    'οι φωτογραφίες μας',
    '写真_2024',
    'データNAS',
    'ｶﾀｶﾅ',
    '사진',
    'תמונות',
    'संगीत',
    'ภาพถ่าย',
    'every 5 µs, 20 °C – always',
    'naïve “quotes” … 👍🏽',
  ])('%s stays as it is written', (text) => {
    expect(withoutLookAlikes(text)).toBe(text);
  });
});
