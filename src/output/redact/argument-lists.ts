/** Arguments of a command as a list: `['redis-cli', '-a', 'x']`. */
import { mayBeCommand, withoutCommandSecrets } from './shapes/commands.ts';

/** The list without secrets that an option before them gives away; the very same list when there are none. */
export function cleanedArguments(list: readonly unknown[]): readonly unknown[] {
  if (list.length < 2 || typeof list[0] !== 'string' || !list.some(isShortOption)) return list;
  if (!list.every((item) => typeof item === 'string')) return list;
  const line = list.map(inOneWord).join(' ');
  if (!mayBeCommand(line)) return list;
  const clean = withoutCommandSecrets(line).split(' ').map(inWords);
  // A shape that joined words would put secrets out of their places.
  return clean.length === list.length && clean.some((item, index) => item !== list[index]) ? clean : list;
}

function isShortOption(item: unknown): boolean {
  return typeof item === 'string' && /^-[A-Za-z]/u.test(item);
}

/** Characters that part words and commands, and others that no text holds: an argument is one word whatever is in it. */
const PARTING = ' \t\r\n|;&"\'\\';
const FIRST_PRIVATE = 0xf0000;

function inOneWord(item: string): string {
  return item.replace(/[ \t\r\n|;&"'\\]/gu, (character) =>
    String.fromCodePoint(FIRST_PRIVATE + PARTING.indexOf(character)),
  );
}

function inWords(word: string): string {
  return word.replace(
    /[\u{f0000}-\u{f0009}]/gu,
    (character) => PARTING[(character.codePointAt(0) ?? 0) - FIRST_PRIVATE] ?? '',
  );
}
