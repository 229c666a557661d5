/** Removes secrets that a text shows by their shape, in whatever field it stands. */
import { mayAssignSecret, withoutAssigned } from './assignments.ts';
import { COMMANDS } from './commands.ts';
import { CONFIG_FILES, LOGINS, MARKUP } from './files.ts';
import { HASHES } from './hashes.ts';
import { KEY_BLOCKS } from './key-blocks.ts';
import { withoutPairs } from './pairs.ts';
import type { Shape } from './shape.ts';
import { TOKENS } from './tokens.ts';
import { HEADERS, URLS } from './urls.ts';

/** The text without anything that has the shape of a secret; linear in its length, but slow: ask suspicion.ts first. */
export function withoutShapes(text: string): string {
  let output = text;
  for (const [hint, pattern, replacement] of SHAPES) {
    if (hint.test(output)) output = output.replace(pattern, replacement as string);
  }
  return mayAssignSecret(output) ? withoutAssigned(withoutPairs(output)) : output;
}

/** Blocks first: a shape that took a part of one would leave the rest unrecognised. */
const SHAPES: readonly Shape[] = [
  ...KEY_BLOCKS,
  ...HEADERS,
  ...URLS,
  ...HASHES,
  ...TOKENS,
  ...COMMANDS,
  ...LOGINS,
  ...CONFIG_FILES,
  ...MARKUP,
];
