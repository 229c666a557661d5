/** `completion/complete`: what a person may want to type next, from the live box; nothing when that fails. */
import {
  type CompleteRequest,
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { Completion } from '../../completions/completion.ts';
import type { Redactor } from '../../output/redact/redactor.ts';
import { safeText } from '../../output/untrusted.ts';
import { confine } from '../../access/confined-client.ts';
import { endingWith } from '../../access/with-signal.ts';
import { offeredPrompts } from '../../prompts/index.ts';
import { offeredResources } from '../../resources/index.ts';
import { limitedBy, unlessAborted } from '../../truenas/abort.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Log } from '../../truenas/log.ts';

/** What completing takes. */
export interface Completer {
  readonly nas: () => Promise<ReadClient>;
  readonly redactor: Pick<Redactor, 'text'>;
  readonly log: Log;
  readonly toolNames: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** How long a person waits while typing. */
const TIMEOUT_MS = 3000;

const NOTHING: CompleteResult = { completion: { values: [], hasMore: false } };

/** Values for one argument of a prompt or template. @throws ProtocolError (-32602) when there is no such prompt or template. */
export async function complete(
  { ref, argument }: CompleteRequest['params'],
  { nas, redactor, log, toolNames, signal }: Completer,
): Promise<CompleteResult> {
  const completion = completionOf(ref, argument.name, toolNames);
  if (completion === undefined || argument.value.length > MAX_LENGTH) return NOTHING;
  const limit = limitedBy(signal, TIMEOUT_MS);
  try {
    const source = await unlessAborted(nas(), limit.signal, () => new Error('not in time'));
    const client = endingWith(confine(source, completion.uses), limit.signal);
    const { values, hasMore } = await completion.complete(client, argument.value);
    // A name that cannot be shown as it is cannot be completed either: what was shown would name something else.
    const shown = values.filter((value) => safeText(value) === value && redactor.text(value) === value);
    return { completion: { values: shown, hasMore } };
  } catch (error) {
    log.debug('nothing to complete with', { argument: argument.name, error: String(error) });
    return NOTHING;
  } finally {
    limit.release();
  }
}

/** Longest beginning that is looked up, in characters. */
const MAX_LENGTH = 255;

function completionOf(
  ref: CompleteRequest['params']['ref'],
  argument: string,
  toolNames: ReadonlySet<string>,
): Completion | undefined {
  if (ref.type === 'ref/prompt') {
    const prompt = offeredPrompts(toolNames).find(({ name }) => name === ref.name);
    if (prompt === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such prompt');
    return prompt.arguments.find(({ name }) => name === argument)?.completion;
  }
  const resource = offeredResources(toolNames).find(({ uri }) => uri === ref.uri);
  if (resource === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such resource template');
  }
  return resource.kind === 'page' ? undefined : resource.completions[argument];
}
