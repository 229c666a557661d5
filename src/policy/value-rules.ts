/** Rules for values that a generic call may pass on: the reviewed parameters are made of them. Anything not allowed is refused. */

/** What may stand at one place. `null` is the same as nothing there, and always fits. */
export interface ValueRule {
  /** Completes the sentence `"PLACE" takes …`. */
  readonly takes: string;
  /** The first thing that does not fit, as a sentence that names its place; `undefined` when all does. */
  problem(value: unknown, place: string): string | undefined;
  /** The fields of an object, for the test that holds the rules against the contract. */
  readonly fields?: Readonly<Record<string, ValueRule>>;
}

/** A value by itself. */
function fitting(takes: string, fits: (value: unknown) => boolean): ValueRule {
  return {
    takes,
    problem: (value, place) => (value === null || fits(value) ? undefined : `"${place}" takes ${takes} only`),
  };
}

/** A text that matches the whole of `pattern` (write it with `^` and `$`). */
function text(takes: string, pattern: RegExp, maxLength = 256): ValueRule {
  return fitting(
    takes,
    (value) => typeof value === 'string' && value.length <= maxLength && pattern.test(value),
  );
}

/** Filters of a query: they are judged wherever they stand. */
export const anything: ValueRule = fitting('filters', () => true);

/** Nothing but the default. */
export const nothing: ValueRule = fitting('nothing', () => false);

/** A switch that may only be off, in Python's sense. */
export const off: ValueRule = fitting('false', (value) => value === false || value === 0 || value === '');

export const flag: ValueRule = fitting('true or false', (value) => typeof value === 'boolean');

/** A whole number from 0 on: ids, numbers of users and groups, times. */
export const wholeNumber: ValueRule = fitting(
  'a whole number',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);

/** A whole number up to `max`. */
export function upTo(max: number): ValueRule {
  return fitting(
    `a whole number up to ${max}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= max,
  );
}

/** One of the values that every release knows. */
export function oneOf(...values: readonly string[]): ValueRule {
  return fitting(values.join(', '), (value) => typeof value === 'string' && values.includes(value));
}

/** Names of apps, trains, services, interfaces, instances: neither a path nor an option of a program. */
export const plainName: ValueRule = text(
  'a name of letters, digits, "_", ".", "+" and "-"',
  /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/u,
);

/** Names of disks and of devices on a bus. */
export const deviceName: ValueRule = text('a name of letters, digits and "_"', /^[A-Za-z0-9_]+$/u, 64);

/** A release or an app's version: the NAS makes a path of it. */
export const versionText: ValueRule = text(
  'a version',
  /^[A-Za-z0-9][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+)*$/u,
  64,
);

/** Names that people give: no path, no option of a program, nothing invisible. */
export const label: ValueRule = text(
  'a name without control characters or "-" in front',
  /^(?!-)[^\p{C}\p{Zl}\p{Zp}]*$/u,
);

/** A pool, dataset or snapshot by its ZFS name. */
export const zfsName: ValueRule = text(
  'the name of a pool, dataset or snapshot',
  /^(?=[A-Za-z0-9])[A-Za-z0-9_.: -]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.: -]+)*(?:@[A-Za-z0-9_.: -]+)?$/u,
);

/** A file or folder of a pool. */
export const poolPath: ValueRule = text(
  'a path below /mnt',
  /^\/mnt(?:\/(?!\.{1,2}(?:\/|$))[^/\p{C}]+)*\/?$/u,
  1024,
);

/** A path of another machine: it leads nowhere on the NAS. */
export const absolutePath: ValueRule = text('a path that begins with "/"', /^\/[^\p{C}]*$/u, 1024);

/** The id of one object, as `get_instance` takes it. */
export const objectId: ValueRule = fitting(
  'an id',
  (value) => wholeNumber.problem(value, '') === undefined || label.problem(value, '') === undefined,
);

/** A list whose items all fit. */
export function listOf(item: ValueRule, maxLength = 100): ValueRule {
  return {
    takes: `a list of at most ${maxLength}`,
    ...(item.fields === undefined ? {} : { fields: item.fields }),
    problem(value, place) {
      if (value === null) return undefined;
      if (!Array.isArray(value) || value.length > maxLength)
        return `"${place}" takes a list of at most ${maxLength}`;
      for (const [index, inner] of value.entries()) {
        const problem = item.problem(inner, `${place}.${index}`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

/** An object with these fields and no other. */
export function record(fields: Readonly<Record<string, ValueRule>>): ValueRule {
  const takes = `an object of ${Object.keys(fields).join(', ')}`;
  return {
    takes,
    fields,
    problem(value, place) {
      if (value === null) return undefined;
      if (typeof value !== 'object' || Array.isArray(value)) return `"${place}" takes ${takes}`;
      for (const [name, inner] of Object.entries(value)) {
        const rule = Object.hasOwn(fields, name) ? fields[name] : undefined;
        const problem =
          rule === undefined ? `"${place}.${name}" is not reviewed` : rule.problem(inner, `${place}.${name}`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}
