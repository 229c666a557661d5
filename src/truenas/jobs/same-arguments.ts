/** Compares the arguments of a call with those that a job's row shows; the NAS hides the secrets among these. */
import type { WireValue } from '../client.ts';
import { decodeMessage, encodeParams } from '../connection/codec.ts';

/** `hidden`: the same as far as they are shown. */
export type Comparison = 'same' | 'hidden' | 'different';

/** Compares what was sent with what is shown. */
export function compareArguments(sent: readonly unknown[], shown: WireValue | undefined): Comparison {
  // By way of the wire, so that dates, sets and long integers have the form in which they are shown.
  return compare(decodeMessage(encodeParams(sent)) as WireValue, shown ?? null);
}

function compare(sent: WireValue, shown: WireValue): Comparison {
  if (typeof shown === 'string' && isMask(shown) && sent !== shown) return 'hidden';
  if (Array.isArray(sent)) return Array.isArray(shown) ? compareLists(sent, shown) : 'different';
  if (sent instanceof Date) return shown instanceof Date && +shown === +sent ? 'same' : 'different';
  if (!isRecord(sent)) return sent === shown ? 'same' : 'different';
  return isRecord(shown) ? compareFields(sent, shown) : 'different';
}

/** The NAS's own mark, or that of this program's redaction. */
function isMask(text: string): boolean {
  return text === '********' || text.includes('[redacted]');
}

function compareLists(sent: readonly WireValue[], shown: readonly WireValue[]): Comparison {
  if (sent.length !== shown.length) return 'different';
  return worst(sent.map((item, index) => compare(item, shown[index] ?? null)));
}

type Fields = Readonly<Record<string, WireValue>>;

function compareFields(sent: Fields, shown: Fields): Comparison {
  const keys = Object.keys(sent);
  if (keys.length !== Object.keys(shown).length) return 'different';
  if (keys.some((key) => !Object.hasOwn(shown, key))) return 'different';
  return worst(keys.map((key) => compare(sent[key] ?? null, shown[key] ?? null)));
}

function isRecord(value: WireValue): value is { [key: string]: WireValue } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

function worst(parts: readonly Comparison[]): Comparison {
  if (parts.includes('different')) return 'different';
  return parts.includes('hidden') ? 'hidden' : 'same';
}
