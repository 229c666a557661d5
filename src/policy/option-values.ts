/** Looks into the arguments of a call, wherever its options stand. */

/** Any object in the arguments. */
export type Options = Readonly<Record<string, unknown>>;

/** Deeper than the deepest filter that a NAS takes; everything down to here is looked at. */
export const MAX_NESTING = 14;

/** Every object in the arguments, at any depth: options may be nested (audit.query) or given to another parameter. */
export function objectsIn(params: readonly unknown[]): Options[] {
  const found: Options[] = [];
  collectObjects(params, 0, found);
  return found;
}

function collectObjects(value: object, depth: number, found: Options[]): void {
  if (depth > MAX_NESTING) return;
  if (!Array.isArray(value)) found.push(value as Options);
  for (const inner of Array.isArray(value) ? (value as unknown[]) : (Object.values(value) as unknown[])) {
    if (isNested(inner)) collectObjects(inner, depth + 1, found);
  }
}

/** The first of these names that is turned on in `extra`. */
export function extraOption(objects: readonly Options[], names: readonly string[]): string | undefined {
  for (const options of objects) {
    const extra = options['extra'];
    if (extra === null || typeof extra !== 'object') continue;
    const found = names.find((name) => isOn((extra as Options)[name]));
    if (found !== undefined) return `extra.${found}`;
  }
  return undefined;
}

/** True for objects and lists. */
export function isNested(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}

/** Python's truth: anything but these turns an option on. */
export function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== '';
}
