/** Removes secrets that a text shows by their shape, in whatever field it stands. */
import { mayAssignSecret, withoutAssigned } from './assignments.ts';
import { mayBeCommand, withoutCommandSecrets } from './commands.ts';
import { CONFIG_FILES, LOGINS, MARKUP } from './files.ts';
import { HASHES } from './hashes.ts';
import { withoutCutBlocks } from './cut-blocks.ts';
import { KEY_BLOCKS } from './key-blocks.ts';
import { withoutPairs } from './pairs.ts';
import { withoutPipedSecrets } from './pipes.ts';
import type { Shape } from './shape.ts';
import { TOKENS } from './tokens.ts';
import { HEADERS, URLS } from './urls.ts';

/** The text without anything that has the shape of a secret; linear in its length, but slow: ask suspicion.ts first. */
export function withoutShapes(text: string): string {
  if (PLAIN_NAME.test(text)) return text;
  // Blocks first: a shape that took a part of one would leave the rest unrecognised.
  let output = withoutCutBlocks(withoutEach(text, KEY_BLOCKS));
  output = withoutPipedSecrets(output);
  if (mayBeCommand(output)) output = withoutCommandSecrets(output);
  output = withoutEach(output, SHAPES);
  return mayAssignSecret(output) ? withoutAssigned(withoutPairs(output)) : output;
}

/**
 * `status_code` and the like: a value is assigned by a mark or a space, and each token has a digit, a longer run of letters or is
 * longer. Most suspicious texts are names of fields, and the first would compile thirty patterns (2 ms of a first answer).
 */
const PLAIN_NAME = /^(?=.{1,28}$)[a-z]{1,14}(?:_[a-z]{1,14})*$/iu;

function withoutEach(text: string, shapes: readonly Shape[]): string {
  let output = text;
  for (const [hint, pattern, replacement] of shapes) {
    if (hint.test(output)) output = output.replace(pattern, replacement as string);
  }
  return output;
}

const SHAPES: readonly Shape[] = [
  ...HEADERS,
  ...URLS,
  ...HASHES,
  ...TOKENS,
  ...LOGINS,
  ...CONFIG_FILES,
  ...MARKUP,
];
