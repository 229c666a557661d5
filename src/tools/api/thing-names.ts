/** Fields by which a thing of the NAS is known, to a person and to a later look. */
import { valueAt } from '../../changes/state.ts';
import { isSchema } from './schema-walk.ts';

/** Values that tell a thing from another of the same name. */
const IDENTITY = [
  'id',
  'guid',
  'guid.rawvalue',
  'createtxg',
  'creation.rawvalue',
  'uuid',
  'serial',
  'identifier',
];
/** Fields by which a person knows a thing, the best first. */
export const LABELS = [
  'name',
  'title',
  'username',
  'group',
  'description',
  'comment',
  'path',
  'dataset',
  'command',
];

/** The name by which a person would know what these fields describe. */
export function labelOf(data: unknown): string | undefined {
  if (!isSchema(data)) return undefined;
  return LABELS.map((field) => data[field]).find((value) => typeof value === 'string');
}

/** The fields of a row that tell it from another. */
export function identityOf(row: Readonly<Record<string, unknown>>): string[] {
  return IDENTITY.filter((path) => isScalar(valueAt(row, path)) && valueAt(row, path) !== null);
}

/** True for a text, a number, a truth value, and nothing. */
export function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
