/** Plain objects, and copies of them that are only made where something differs. */

/** An object as JSON has it. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a copy, in order. */
export type Copy = [key: string, value: unknown][];

/** The copy of an object so far, begun with the first field that differs. */
export function copied(
  copy: Copy | undefined,
  fields: Fields,
  key: string,
  item: unknown,
  cleanKey: string,
  clean: unknown,
): Copy | undefined {
  if (copy === undefined) {
    if (clean === item && cleanKey === key) return undefined;
    copy = Object.entries(fields).slice(0, Object.keys(fields).indexOf(key));
  }
  copy.push([cleanKey, clean]);
  return copy;
}

/** True for an object as JSON has it; false for a Date, an Error, an instance. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** True for what JSON shows in another way, such as a URL. */
export function hasOwnJson(value: object): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}
