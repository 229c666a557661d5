/** Looks into the arguments of a call, wherever its options stand. */

/** Any object in the arguments. */
export type Options = Readonly<Record<string, unknown>>;

/** Deeper than the deepest filter that a NAS takes; everything down to here is looked at. */
const MAX_NESTING = 14;

/** The values in the arguments of a call, at any depth: options may be nested (audit.query) or given to another parameter. */
export interface Survey {
  readonly objects: Options[];
  /** Every list that may be a filter: `[field, operator, value]`. */
  readonly triples: (readonly [field: string, operator: string, compared: unknown])[];
  /** True when something is nested deeper than is looked at. */
  isTooDeep: boolean;
}

/** Looks through arguments once; goes no further down than {@link MAX_NESTING}, so that no nesting breaks it. */
export function survey(params: readonly unknown[]): Survey {
  const found: Survey = { objects: [], triples: [], isTooDeep: false };
  collect(params, 0, found);
  return found;
}

function collect(value: object, depth: number, found: Survey): void {
  if (depth > MAX_NESTING) {
    found.isTooDeep = true;
    return;
  }
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    if (list.length === 3 && typeof list[0] === 'string' && typeof list[1] === 'string')
      found.triples.push([list[0], list[1], list[2]]);
    for (const inner of list) if (isNested(inner)) collect(inner, depth + 1, found);
    return;
  }
  found.objects.push(value as Options);
  // A plain loop: it looks at every call. A field that is inherited is looked at too, which does no harm.
  for (const key in value) {
    const inner = (value as Options)[key];
    if (isNested(inner)) collect(inner, depth + 1, found);
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
