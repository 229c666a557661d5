/**
 * Rows of the real methods of 24.10 and CORE 13.3 come through the client with every field and value that they have, and
 * CORE answers the recorded questions as 24.10 did.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { query } from '../../../src/truenas/index.ts';
import type { TrueNas } from '../../../src/truenas/index.ts';
import { describeContract, hasContract, readContractFile } from '../../support/contract.ts';
import { clientForTest } from '../support/client.ts';
import { legacyPeerForTest } from '../support/legacy-peer.ts';
import { RECORDINGS } from '../support/recorded.ts';

type Fields = Readonly<Record<string, { readonly type: unknown; readonly nullable?: boolean }>>;

const EXECUTED = (hasContract ? JSON.parse(readContractFile('legacy/rows.json')).rows : {}) as Readonly<
  Record<string, Readonly<Record<string, Fields>>>
>;

/** Fields that later releases have in another form, and the client with them. */
const IN_LATER_FORM: ReadonlySet<string> = new Set([
  'cloudsync.credentials.query provider',
  'vm.device.query attributes',
]);

describeContract('executed rows of the older releases', () => {
  const all = Object.entries(EXECUTED).flatMap(([release, methods]) =>
    Object.entries(methods).map(([method, fields]) => ({ release, method, fields })),
  );

  it.each(all)('$release $method', async ({ release, method, fields }) => {
    for (const isEmpty of [false, true]) {
      const row = sampleOf(fields, isEmpty);
      const nas = await nasThatAnswers(release, method, row);
      const answer = await nas.read.call(method, method.endsWith('.query') ? query() : []);
      const [shown] = Array.isArray(answer) ? answer : [answer];
      const kept = Object.entries(row).filter(([name]) => !IN_LATER_FORM.has(`${method} ${name}`));
      expect({ isEmpty, shown }).toMatchObject({ isEmpty, shown: Object.fromEntries(kept) });
      // No zero, and no text, stands for what the NAS did not tell.
      const added = Object.entries(shown as object).filter(([name]) => !(name in row));
      expect(added.filter(([, value]) => isEmpty && (value === 0 || value === ''))).toEqual([]);
    }
  });

  const queries = all.filter(
    ({ release, method }) => release.startsWith('CORE') && method.endsWith('.query'),
  );
  it.each(queries)('$release $method, one field at a time', async ({ release, method, fields }) => {
    const row = sampleOf(fields, false);
    const nas = await nasThatAnswers(release, method, row);
    for (const name of Object.keys(row).filter((each) => !IN_LATER_FORM.has(`${method} ${each}`))) {
      const chosen = await nas.read.call(method, query({ select: [name] }));
      expect({ name, chosen }).toEqual({ name, chosen: [{ [name]: row[name] }] });
    }
  });
});

/** A row of the recorded types, with a null wherever the table may hold one when it `isEmpty`. */
function sampleOf(fields: Fields, isEmpty: boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { type, nullable }]) => [
      name,
      isEmpty && nullable !== false ? null : sampleValue(type),
    ]),
  );
}

function sampleValue(type: unknown): unknown {
  if (type !== null && typeof type === 'object')
    return Object.fromEntries(Object.entries(type).map(([name, inner]) => [name, sampleValue(inner)]));
  switch (type) {
    case 'string':
      return 'a text';
    case 'integer':
      return 42;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'array[string]':
      return ['one'];
    case 'array[integer]':
      return [7];
    case '$date':
      return new Date(1_700_000_000_000);
    default:
      return null;
  }
}

async function nasThatAnswers(
  release: string,
  method: string,
  row: Record<string, unknown>,
): Promise<TrueNas> {
  const product = release.startsWith('CORE') ? 'CORE' : 'SCALE';
  const peer = await legacyPeerForTest({
    product,
    script({ frame, params, send }) {
      if (frame.method !== method) return 'unhandled';
      const options = (params[1] ?? {}) as { select?: readonly string[] };
      const chosen =
        options.select === undefined
          ? row
          : Object.fromEntries(Object.entries(row).filter(([name]) => options.select?.includes(name)));
      return send({
        msg: 'result',
        id: frame.id,
        result: method.endsWith('.query') ? [onWire(chosen)] : onWire(chosen),
      });
    },
  });
  return clientForTest(peer.url);
}

function onWire(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? { $date: value.getTime() } : value,
    ]),
  );
}

/** A recorded question and its answer. */
interface Question {
  readonly params: readonly unknown[];
  readonly result: unknown;
  readonly error: unknown;
}

describeContract('recorded questions', () => {
  const recorded = (release: string, name: string): Question | undefined => {
    const order =
      RECORDINGS.find((each) => each.release.startsWith(release) && each.name === name)?.order ?? [];
    const at = order.findIndex(
      (step) => 'send' in step && typeof step.send === 'object' && step.send['id'] === 'q',
    );
    const [asked, answered] = order.slice(at, at + 2);
    if (at < 0 || asked === undefined || !('send' in asked) || typeof asked.send === 'string')
      return undefined;
    if (answered === undefined || !('recv' in answered)) return undefined;
    return {
      params: asked.send['params'] as unknown[],
      result: answered.recv['result'],
      error: answered.recv['error'],
    };
  };
  const rows = recorded('24.10', 'query: no arguments')?.result as readonly Record<string, unknown>[];
  const names = RECORDINGS.filter(
    ({ release, name }) => release.startsWith('24.10') && name.startsWith('query: '),
  )
    .map(({ name }) => name)
    .filter((name) => recorded('24.10', name) !== undefined);

  // 24.10 sorts what was selected, and fails where that lacks the field; the client sorts whole rows.
  const better: Readonly<Record<string, unknown>> = {
    'query: order_by a field that is not selected': [{ id: 3 }, { id: 1 }, { id: 2 }, { id: 4 }],
  };

  it.each(names)('CORE answers "%s" as 24.10 does', async (name) => {
    const { params, result, error } = recorded('24.10', name) as Question;
    const expected = better[name] ?? (error === undefined ? result : 'an error');
    const filters: unknown[] = [];
    const peer = await legacyPeerForTest({
      product: 'CORE',
      script(asked) {
        if (asked.frame.method !== 'cronjob.query') return 'unhandled';
        const { select } = (asked.params[1] ?? {}) as { select?: readonly string[] };
        filters.push(asked.params[0]);
        return asked.result(
          rows.map((row) =>
            Object.fromEntries(Object.entries(row).filter(([key]) => select?.includes(key) !== false)),
          ),
        );
      },
    });
    const answer = await clientForTest(peer.url)
      .read.call('cronjob.query', params)
      .catch(() => 'an error');
    expect(answer).toEqual(expected);
    expect(filters.filter((each) => !isDeepStrictEqual(each, []))).toEqual([]);
  });
});
