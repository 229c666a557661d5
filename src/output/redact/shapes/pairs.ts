/** `"name": "DB_PASSWORD", "value": "x"` inside a longer text, in either order. */
import { namesSecret } from '../secret-names.ts';
import { isPlaceholder } from './placeholders.ts';
import { REDACTED } from './shape.ts';

/** The text without the values of secrets' names. */
export function withoutPairs(text: string): string {
  let output = text;
  for (const pair of PAIRS) {
    output = output.replace(pair, (match: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as Record<'head' | 'name' | 'value' | 'tail', string>;
      const isSecret = namesSecret(groups.name) && !isPlaceholder(groups.value);
      return isSecret ? `${groups.head}${REDACTED}${groups.tail}` : match;
    });
  }
  return output;
}

const PAIR_NAME = 'name|key|var|variable|env|option';
const PAIR_VALUE = 'value|val|content|default';
const QUOTE = String.raw`\\{0,8}["']`;

const PAIRS: readonly RegExp[] = [
  new RegExp(
    String.raw`(?<head>(${QUOTE})(?:${PAIR_NAME})\2\s*:\s*\2(?<name>[\w.-]{1,80})\2\s*,\s*\2(?:${PAIR_VALUE})\2\s*:\s*\2)(?<value>.*?)(?<tail>\2)`,
    'giu',
  ),
  new RegExp(
    String.raw`(?<head>(${QUOTE})(?:${PAIR_VALUE})\2\s*:\s*\2)(?<value>[^"']*?)(?<tail>\2\s*,\s*\2(?:${PAIR_NAME})\2\s*:\s*\2(?<name>[\w.-]{1,80})\2)`,
    'giu',
  ),
];
