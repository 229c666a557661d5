/** Argument values that make the NAS answer with everything it has in one piece. */
import type { ArgumentRule } from './argument-rules.ts';
import { extraOption, isOn, type Options } from './survey.ts';

/** Rules about single methods that know no pages. */
export const SIZE_RULES: readonly ArgumentRule[] = [
  {
    appliesTo: ['pool.dataset.query', 'pool.dataset.get_instance', 'pool.query', 'pool.get_instance'],
    argument: 'extra.snapshots, extra.snapshots_recursive',
    reason: 'this option loads every snapshot of every dataset',
    instead: 'list_snapshots, or pool.dataset.snapshot_count',
    find: (_params, _method, { objects }) => extraOption(objects, ['snapshots', 'snapshots_recursive']),
  },
  {
    appliesTo: ['pool.dataset.query', 'pool.dataset.get_instance'],
    argument: 'children in a select',
    reason: 'it is every dataset below each one, nested, with all properties',
    instead: 'a filter such as ["id", "^", "tank/media/"]',
    find: (_params, _method, { objects }) => selected(objects, 'children'),
  },
  {
    appliesTo: ['zfs.resource.query'],
    argument: 'get_children, max_depth, or more than 50 paths',
    reason: 'its answer has no pages, and would be every dataset in one piece',
    instead: 'pool.dataset.query with "select" and "limit"',
    find: ([data]) => wholeTree(data, ['get_children', 'max_depth']),
  },
  {
    appliesTo: ['zfs.resource.snapshot.count'],
    argument: 'recursive, no paths, or more than 50 paths',
    reason: 'it walks every snapshot, and its answer has no pages',
    instead: '"paths": ["pool/dataset"], or pool.snapshot.query with "count"',
    find: ([data]) => (hasPaths(data) ? wholeTree(data, ['recursive']) : 'no "paths"'),
  },
];

function hasPaths(data: unknown): boolean {
  const paths = data !== null && typeof data === 'object' ? (data as Options)['paths'] : undefined;
  return Array.isArray(paths) && paths.length > 0;
}

const MAX_PATHS = 50;

function wholeTree(data: unknown, switches: readonly string[]): string | undefined {
  if (data === null || typeof data !== 'object') return undefined;
  const options = data as Options;
  const found = switches.find((name) => isOn(options[name]));
  if (found !== undefined) return `"${found}"`;
  const { paths } = options;
  return Array.isArray(paths) && paths.length > MAX_PATHS ? `more than ${MAX_PATHS} paths` : undefined;
}

function selected(objects: readonly Options[], column: string): string | undefined {
  const isOne = ({ select }: Options): boolean =>
    Array.isArray(select) && select.some((field) => String(field).split('.')[0] === column);
  return objects.some(isOne) ? `"${column}" in "select"` : undefined;
}
