/** Events of the NAS as listeners hear them (PROTOCOL section 5). */
import type { WireValue } from '../client.ts';
import type { TrueNasError } from '../errors.ts';

/** One event. Fields are as the NAS sends them, not redacted: job events carry raw results. */
export type NasEvent =
  | {
      readonly kind: 'added' | 'changed' | 'removed';
      readonly collection: string;
      readonly id: WireValue | undefined;
      /** The row as the change left it, or the changed part of it; absent for `removed`. */
      readonly fields: Readonly<Record<string, WireValue>> | undefined;
    }
  /** The connection was lost and is back: events in between were missed; read the state anew. */
  | { readonly kind: 'missed'; readonly collection: string }
  /** The NAS ended the subscription, or would not renew it; no more events come. */
  | { readonly kind: 'ended'; readonly collection: string; readonly error: TrueNasError | undefined };

/** Hears events; an error that it throws is logged and dropped. */
export type EventListener = (event: NasEvent) => void;

/** Reads the parameters of a `collection_update`; undefined for one of an unknown kind. */
export function readEvent(
  collection: string,
  params: Readonly<Record<string, unknown>>,
): NasEvent | undefined {
  const kind = params.msg;
  if (kind !== 'added' && kind !== 'changed' && kind !== 'removed') return undefined;
  return {
    kind,
    collection,
    id: params.id as WireValue | undefined,
    fields: params.fields as Record<string, WireValue> | undefined,
  };
}
