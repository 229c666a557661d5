/** Which versions a NAS offers. It asks the server of its maker for them. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';

/** Methods that are read here: the first two from 25.10 on, the last before. */
export const OFFER_USES = ['update.status', 'update.available_versions', 'update.check_available'] as const;

/** What is offered. */
export interface Offer {
  /** The version that the NAS would install; undefined for none, or where it is not known. */
  readonly version: string | undefined;
  readonly choices: readonly string[];
  /** The NAS tells whether there is one. */
  readonly isKnown: boolean;
  /** What could not be read, safe text. */
  readonly gaps: readonly string[];
}

const STATUS = {
  code: field.text,
  status: field.object({ new_version: field.nullable({ version: field.text }) }),
  error: field.object({ reason: field.text }),
};
const CHECK = { status: field.text, version: field.text };

/** Reads what is offered. */
export async function readOffer(nas: ReadClient): Promise<Offer> {
  return (await nas.has('update.status')) ? currentOffer(nas) : oldOffer(nas);
}

async function currentOffer(nas: ReadClient): Promise<Offer> {
  const [state, versions] = await Promise.all([
    readPart(nas, async (limited) => objectOf(await limited.call('update.status', []), STATUS)),
    readPart(nas, async (limited) =>
      rowsOf(await limited.call('update.available_versions', []), {
        version: field.object({ version: field.text }),
      }).map(({ version }) => version?.version ?? null),
    ),
  ]);
  const listed: readonly (string | null)[] = valueOr(versions, []);
  const { code, status, error } = valueOr(state, { code: null, status: null, error: null });
  const found = status === null ? undefined : status.new_version;
  const version = found?.version ?? undefined;
  const isKnown = code === 'NORMAL' && (found === null || version !== undefined);
  const why = error?.reason ?? null;
  return {
    version,
    choices: [...new Set([...listed, version ?? null].flatMap((each) => each ?? []))],
    isKnown,
    gaps: [
      ...gap('which version is offered', gapText(state), isKnown, why),
      ...gap(
        'which versions can be chosen',
        gapText(versions),
        listed.every((each) => each !== null),
        null,
      ),
    ],
  };
}

async function oldOffer(nas: ReadClient): Promise<Offer> {
  const state = await readPart(nas, async (limited) =>
    objectOf(await limited.call('update.check_available', []), CHECK),
  );
  const { status, version: told } = valueOr(state, { status: null, version: null });
  const version = status === 'UNAVAILABLE' ? undefined : (told ?? undefined);
  const isKnown = status === 'UNAVAILABLE' || (status !== null && version !== undefined);
  return {
    version,
    choices: version === undefined ? [] : [version],
    isKnown,
    gaps: gap('which version is offered', gapText(state), isKnown, null),
  };
}

function gap(what: string, unread: string | undefined, isKnown: boolean, reason: string | null): string[] {
  if (unread !== undefined) return [`${what} ${unread}`];
  if (isKnown) return [];
  return [reason === null ? `${what}: UNKNOWN` : `${what}: ${safeCell(reason, 120)}`];
}
