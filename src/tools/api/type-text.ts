/** A schema in a few words, as one line of describe_api shows it. */
import type { JsonSchema } from '../../truenas/catalog/index.ts';
import {
  allowsNull,
  branchesOf,
  constants,
  core,
  isSchema,
  itemsOf,
  propertiesOf,
  solidBranches,
} from './schema-walk.ts';

/** Bounds of one line. */
export interface Detail {
  /** Values of an enum that are listed; the rest is counted. */
  readonly enumValues: number;
  /** Shows defaults. */
  readonly withDefaults: boolean;
}

/** `integer 0..100`, `"A"|"B"`, `list of object`, … */
export function typeText(schema: JsonSchema, detail: Detail): string {
  const solid = core(schema);
  const nullable = allowsNull(schema) && solid['type'] !== 'null' ? '|null' : '';
  const values = constants(solid);
  if (values.length > 0) return `${valuesText(values, detail.enumValues)}${nullable}`;
  const branches = solidBranches(solid);
  if (branches.length > 1) return `${unionText(branches, detail)}${nullable}`;
  return `${plainType(solid, detail)}${nullable}`;
}

/** `=false`, `="LZ4"`; empty for a required value or a null. */
export function defaultText(schema: JsonSchema): string {
  const value = schema['default'];
  if (value === undefined || value === null) return '';
  const text = JSON.stringify(value);
  return text.length > 40 ? '' : ` =${text}`;
}

function plainType(schema: JsonSchema, detail: Detail): string {
  const items = itemsOf(schema);
  if (items !== undefined) return `${listSize(schema)}list${itemText(items, detail)}`;
  if (propertiesOf(schema).length > 0) return 'object';
  const type = schema['type'];
  const named = Array.isArray(type) ? type.join('|') : typeof type === 'string' ? type : 'any';
  return `${named}${rangeText(schema)}`;
}

function itemText(items: JsonSchema, detail: Detail): string {
  const text = Object.keys(items).length === 0 ? '' : typeText(items, detail);
  return text === '' || text === 'any' ? '' : ` of ${text}`;
}

function unionText(branches: readonly JsonSchema[], detail: Detail): string {
  const texts = new Set(branches.map((branch) => typeText(branch, detail)));
  return [...texts].slice(0, 4).join('|');
}

function valuesText(values: readonly unknown[], max: number): string {
  const shown = values.slice(0, max).map((value) => JSON.stringify(value));
  const rest = values.length - shown.length;
  return `${shown.join('|')}${rest > 0 ? `|…${rest} more` : ''}`;
}

function rangeText(schema: JsonSchema): string {
  const number = (keyword: string): number | undefined =>
    typeof schema[keyword] === 'number' ? schema[keyword] : undefined;
  const exclusive = (keyword: string, sign: string): string | undefined =>
    number(keyword) === undefined ? undefined : `${sign}${number(keyword)}`;
  const low = number('minimum') ?? exclusive('exclusiveMinimum', '>');
  const high = number('maximum') ?? exclusive('exclusiveMaximum', '<');
  const range = low === undefined && high === undefined ? '' : ` ${low ?? ''}..${high ?? ''}`;
  const longest = number('maxLength');
  const shortest = number('minLength') ?? 0;
  const length = longest === undefined && shortest < 2 ? '' : ` ${shortest}..${longest ?? ''} characters`;
  const pattern = typeof schema['pattern'] === 'string' ? ` matching ${schema['pattern'].slice(0, 60)}` : '';
  const format = typeof schema['format'] === 'string' ? ` (${schema['format']})` : '';
  return `${range}${length}${pattern}${format}`;
}

function listSize(schema: JsonSchema): string {
  const { minItems } = schema;
  return typeof minItems === 'number' && minItems > 0 ? 'non-empty ' : '';
}

/** True when there is more below a schema than its line says. */
export function isNested(schema: JsonSchema): boolean {
  const solid = core(schema);
  if (propertiesOf(solid).length > 0) return true;
  const items = itemsOf(solid);
  if (items !== undefined) return isNested(items);
  return branchesOf(solid).some((branch) => isSchema(branch) && isNested(branch));
}
