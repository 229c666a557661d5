/**
 * A secret's name and its value as two fields of one thing, inside a longer text: JSON, YAML, Python, TOML. The name may
 * come first or last.
 */
import { isSecretUnder } from '../secret-names.ts';
import { isPlaceholder } from './placeholders.ts';
import { REDACTED } from './shape.ts';

/** Keys that hold the name in a pair, as alternatives of a pattern. */
export const PAIR_NAMES =
  'name|key|k|var|variable|env|option|field|header|param|parameter|property|attribute|setting|id';
/** Keys that hold the value in a pair, as alternatives of a pattern. */
export const PAIR_VALUES =
  'value|values|val|v|content|default|data|rawvalue|current|argument|old_?value|new_?value';

/** The text without the values of secrets' names. */
export function withoutPairs(text: string): string {
  if (!HINT.test(text)) return text;
  return [NAME_FIRST, VALUE_FIRST].reduce((output, pair) => output.replace(pair, withoutValue), text);
}

const HINT = new RegExp(String.raw`\b(?:${PAIR_VALUES})["'\\]{0,9}\s*[:=]`, 'iu');

/** Quotes as they stand in texts, and in texts within texts. */
const QUOTE = String.raw`(?:\\{0,8}["'])`;
const IS = String.raw`${QUOTE}?[ \t]*[:=][ \t]*`;
const NAME = String.raw`(?<![\w.-])(?:${PAIR_NAMES})${IS}${QUOTE}?(?<name>[\w./-]{1,80})(?![\w./-])${QUOTE}?`;
/** Other fields of the same thing, which are none of the two. */
const BETWEEN = String.raw`(?:(?!(?<![\w.-])(?:${PAIR_NAMES}|${PAIR_VALUES})${IS})[^{}]){0,200}?[\s,;{"'n]`;
const VALUE_KEY = `(?:${PAIR_VALUES})${IS}`;
/** A block of YAML, a text in quotes, a list, the rest of a line that is no more than the pair's, or of an entry. */
const valuePattern = (longest: number): string =>
  String.raw`(?<value>[|>][+\-\d]{0,3}[ \t]*\r?\n(?:[ \t]*\r?\n|\k<indent>[ \t]+\S[^\n]*(?:\r?\n|$))+|(?<quote>${QUOTE})(?:(?!\k<quote>)[^\n\\]|(?!\k<quote>)\\.){0,${longest}}|\[[^\]\n]{0,400}\]?|(?<=(?:^|\n)[ \t]*(?:- )?${VALUE_KEY})[^\s"'[{][^\n]{0,400}|[^\s,;{}"'\\[][^\n,;{}"'\\]{0,400})`;

const NAME_FIRST = new RegExp(
  String.raw`(?<head>${NAME}${BETWEEN}(?<indent>[ \t]*)${VALUE_KEY})${valuePattern(4000)}`,
  'giu',
);
const VALUE_FIRST = new RegExp(
  String.raw`(?<head>(?<indent>(?<=^|\n)[ \t]*(?:- )?|(?<![\w.-]))${VALUE_KEY})${valuePattern(400)}(?=${QUOTE}?${BETWEEN}${NAME})`,
  'giu',
);

function withoutValue(match: string, ...rest: unknown[]): string {
  const {
    head = '',
    name = '',
    value = '',
    quote = '',
    indent = '',
  } = rest.at(-1) as Record<string, string | undefined>;
  const bare = value.slice(quote.length);
  if (bare === name || isPlaceholder(bare.trim()) || !isSecretUnder(name, bare)) return match;
  if (!/^[|>]/u.test(bare)) return `${head}${quote}${REDACTED}`;
  const end = bare.endsWith('\n') ? '\n' : '';
  return `${head}${bare.slice(0, bare.indexOf('\n') + 1)}${indent.replace('-', ' ')}  ${REDACTED}${end}`;
}
