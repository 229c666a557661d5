/** `completion/complete`: what a person may want to type next, from the live box; nothing when that fails. */
import {
  type CompleteRequest,
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { Completion } from '../../completions/completion.ts';
import { REDACTED, type Redactor } from '../../output/redact/redactor.ts';
import { safeText } from '../../output/untrusted.ts';
import type { Caller } from '../../access/caller.ts';
import type { NasAccess } from '../../access/reader.ts';
import { offeredPrompts } from '../../prompts/index.ts';
import type { Addressed } from '../../resources/address.ts';
import { limitedBy, unlessAborted } from '../../truenas/abort.ts';
import type { Log } from '../../truenas/log.ts';

/** What completing takes. */
export interface Completer {
  readonly nas: NasAccess;
  readonly caller: Caller;
  readonly resources: readonly Addressed[];
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
  completer: Completer,
): Promise<CompleteResult> {
  const { nas, caller, redactor, log, signal } = completer;
  const wanted = completionOf(ref, argument.name, completer);
  if (wanted === undefined || argument.value.length > MAX_LENGTH) return NOTHING;
  const { completion, system } = wanted;
  const limit = limitedBy(signal, TIMEOUT_MS);
  try {
    const { uses } = completion;
    const client = await unlessAborted(
      nas.reader({ system, caller, uses, signal: limit.signal }),
      limit.signal,
      () => new Error('not in time'),
    );
    const { values, hasMore } = await completion.complete(client, argument.value);
    // A name that cannot be shown as it is cannot be completed either: what was shown would name something else.
    const shown = values.filter(
      (value) => safeText(value) === value && redactor.text(value) === value && !value.includes(REDACTED),
    );
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

/** What completes the argument, and of which NAS; a prompt is about the first one. */
function completionOf(
  ref: CompleteRequest['params']['ref'],
  argument: string,
  { nas, resources, toolNames }: Completer,
): { readonly completion: Completion; readonly system: string } | undefined {
  if (ref.type === 'ref/prompt') {
    const prompt = offeredPrompts(toolNames).find(({ name }) => name === ref.name);
    if (prompt === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such prompt');
    const completion = prompt.arguments.find(({ name }) => name === argument)?.completion;
    return completion && { completion, system: nas.systems[0] };
  }
  const resource = resources.find(({ uri }) => uri === ref.uri);
  if (resource === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such resource template');
  }
  const completion = resource.kind === 'page' ? undefined : resource.completions[argument];
  return completion && resource.kind === 'reading' ? { completion, system: resource.system } : undefined;
}
