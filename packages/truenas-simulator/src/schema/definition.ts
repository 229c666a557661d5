/** What zod keeps of a schema's making, read in one place: both validators word their texts by it. */
import type * as z from 'zod';

/** Any schema. */
export type Schema = z.core.$ZodType;

/** The parts of a definition that matter here; which are there depends on the type. */
export interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly defaultValue?: unknown;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly element?: Schema;
  readonly items?: readonly Schema[];
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly format?: string;
}

/** A schema's definition. */
export function definition(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}

/** The least and most that a number or the length of a text may be. */
export function bounds(schema: Schema): { readonly minimum?: number; readonly maximum?: number } {
  return schema._zod.bag;
}

/** The values of a literal or an enumeration; none for other types. */
export function choices(schema: Schema): readonly unknown[] {
  const { values, entries } = definition(schema);
  return values ?? Object.values(entries ?? {});
}
