/** The NAS closes the connection over a message that is too long (PROTOCOL section 2): refuse it here instead. */
import { TrueNasError } from '../errors.ts';

/** Longest message after sign-in, in characters. */
const MAX_MESSAGE_CHARS = 65_536;
/** Longest message at all, in characters; only file uploads may be so long. */
const MAX_UPLOAD_CHARS = 2_097_152;
const UPLOAD_METHOD = 'filesystem.file_receive';
/** `{"jsonrpc":"2.0","id":…,"method":"","params":}` with an id of up to 16 digits. */
const ENVELOPE_CHARS = 60;

/**
 * Checks the length of a call.
 * @throws TrueNasError `too-large`; nothing was sent.
 */
export function checkMessageSize(method: string, paramsText: string): void {
  const limit = method === UPLOAD_METHOD ? MAX_UPLOAD_CHARS : MAX_MESSAGE_CHARS;
  const budget = limit - ENVELOPE_CHARS - method.length;
  if (paramsText.length <= budget) return;
  const chars = codePoints(paramsText);
  if (chars <= budget) return;
  throw new TrueNasError('too-large', {
    summary: `The arguments of ${method} are ${chars} characters long; the NAS takes at most ${budget} and would close the connection.`,
    nextStep: 'Send less at once: split the call, or shorten its arguments. Nothing was sent.',
    method,
  });
}

/** The NAS counts characters, JavaScript UTF-16 units. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
