/**
 * Methods that a release before 25.04 answers in another form, or has another one for. Everything else of this program asks
 * for them by the names, and reads the form, of later releases.
 */
import type { WireValue } from '../../client.ts';
import type { LegacyNas, LegacyProduct } from '../dialect.ts';
import { legacyReads } from '../door.ts';
import { type Ask, answerQuery, fetchRows } from '../queries/index.ts';
import { isRow } from '../queries/paths.ts';
import { CORE_FORMS, CORE_SOURCES } from './core.ts';
import { SCALE_FORMS } from './scale.ts';

/** Answers a method by calls of the NAS. */
export type Adaptation = (params: readonly WireValue[], ask: Ask) => Promise<WireValue>;

const FORMS: Readonly<Record<LegacyProduct, Readonly<Record<string, Adaptation>>>> = {
  CORE: CORE_FORMS,
  SCALE: SCALE_FORMS,
};

/** How a method is answered; undefined for one that is called as it is, or is not there. */
export function adaptationOf(
  method: string,
  { product }: Pick<LegacyNas, 'product'>,
): Adaptation | undefined {
  const form = FORMS[product][method];
  if (form !== undefined || product === 'SCALE') return form;
  const source = CORE_SOURCES[method];
  if (source !== undefined) return (params, ask) => answerQuery(method, params, ask, source);
  if (!legacyReads(product).has(method)) return undefined;
  if (method.endsWith('.query'))
    return (params, ask) =>
      answerQuery(method, params, ask, (fetch, wanted) => fetchRows(fetch, { method }, wanted));
  return method.endsWith('.get_instance') ? instanceOf(method) : undefined;
}

/** True for a method that can be asked for, by whatever calls it is answered. */
export function isAnswered(method: string, nas: Pick<LegacyNas, 'product'>): boolean {
  return legacyReads(nas.product).has(method) || adaptationOf(method, nas) !== undefined;
}

/** It is private on CORE, takes no options and looks at `id` alone: the query tells the same. */
function instanceOf(method: string): Adaptation {
  const queried = method.replace(/get_instance$/u, 'query');
  const key = queried === 'disk.query' ? 'identifier' : 'id';
  return async (params, ask) => {
    const query = adaptationOf(queried, { product: 'CORE' });
    const [id, options] = params;
    const asked = [[[key, '=', id ?? null]], { ...(isRow(options) ? options : {}), get: true }];
    return query === undefined ? ask(queried, asked) : query(asked, ask);
  };
}
