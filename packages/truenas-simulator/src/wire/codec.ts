/** Values that JSON lacks, as they travel (PROTOCOL section 3). */

/**
 * JSON as received → values: `{"$date": ms}` becomes a Date, `{"$set": […]}` a Set. Times of day, plain dates and
 * interface addresses stay as they travel.
 */
export function decodeValue(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return mapList(value, decodeValue);
  const object = value as Record<string, unknown>;
  if (isInstant(object.$date) && isOnlyKey(object)) return new Date(object.$date);
  if (Array.isArray(object.$set) && isOnlyKey(object)) return new Set(object.$set.map(decodeValue));
  return mapObject(object, decodeValue);
}

/** Values → JSON to send. What needs no change is not copied. Dates lose their milliseconds, as the NAS sends them. */
export function encodeValue(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return mapList(value, encodeValue);
  if (value instanceof Date) return { $date: Math.floor(value.getTime() / 1000) * 1000 };
  if (value instanceof Set) return { $set: [...value].map(encodeValue) };
  return mapObject(value as Record<string, unknown>, encodeValue);
}

/** True for milliseconds that a date can have; others stay what they are, for the parameters' schema to refuse. */
function isInstant(ms: unknown): ms is number {
  return typeof ms === 'number' && Math.abs(ms) <= 8.64e15;
}

function isOnlyKey(object: object): boolean {
  return Object.keys(object).length === 1;
}

function mapList(list: unknown[], change: (value: unknown) => unknown): unknown[] {
  for (let index = 0; index < list.length; index++) {
    const before: unknown = list[index];
    const after = change(before);
    if (after !== before) return [...list.slice(0, index), after, ...list.slice(index + 1).map(change)];
  }
  return list;
}

function mapObject(
  object: Record<string, unknown>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null;
  for (const key in object) {
    const before = object[key];
    const after = change(before);
    if (after === before) continue;
    copy ??= { ...object };
    copy[key] = after;
  }
  return copy ?? object;
}
