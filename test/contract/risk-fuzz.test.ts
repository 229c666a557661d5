import { expect, it } from 'vitest';
import { denialOf, flagProblem, judge, type JudgedCall, RISKS } from '../../src/policy/risk/index.ts';
import { judgedMethods } from '../../src/policy/risk/table.ts';
import { CONTRACT_RELEASES, describeContract, loadContract } from '../support/contract.ts';
import { FUZZ_TIMEOUT_MS } from '../support/fuzz.ts';
import { randomFrom } from '../support/random.ts';
import { type Chance, randomParams } from '../support/random-params.ts';

const rounds = Number(process.env['FUZZ_RUNS'] ?? 4);

/** Fields that lower a risk by being given, because the NAS's default is the wider one. */
const LOWERING = new Set(['app.pull_images redeploy', 'iscsi.initiator.create initiators']);

function rank(call: JudgedCall): number {
  return RISKS.indexOf(judge([call]).risk);
}

/** The name of a user property is required, so leaving it out is no smaller call. */
const isRequired = (path: readonly (string | number)[]): boolean =>
  path.at(-1) === 'key' && String(path.at(-3)).startsWith('user_properties');

/** Values that no schema of a plain argument takes. */
const ODD: readonly unknown[] = [{ x: 1 }, [[1]], [{ x: 1 }], Number.NaN, 1e300, '\u202eevil', '../..'];

/** Random valid calls of every judged method on every release. */
function* calls(seed: number): Generator<{ call: JudgedCall; chance: Chance; label: string }> {
  const chance = randomFrom(seed);
  for (const release of CONTRACT_RELEASES) {
    const { methods } = loadContract(release);
    for (const method of judgedMethods()) {
      const schema = methods[method];
      if (schema === undefined) continue;
      for (let round = 0; round < rounds; round += 1) {
        const params = randomParams(schema.accepts, chance);
        yield { call: { method, params }, chance, label: `${release} ${method} ${JSON.stringify(params)}` };
      }
    }
  }
}

/** Every place of the arguments at which a value stands, as a list of keys. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((entry, index) => placesOf(entry, [...path, index]))
    : Object.entries(value).flatMap(([key, entry]) => placesOf(entry, [...path, key]));
  return [path, ...inner];
}

function withValue(value: unknown, [first, ...rest]: readonly (string | number)[], put: unknown): unknown {
  if (first === undefined) return put;
  if (Array.isArray(value))
    return value.map((entry, index) => (index === first ? withValue(entry, rest, put) : entry));
  const record = value as Record<string, unknown>;
  return { ...record, [first]: withValue(record[String(first)], rest, put) };
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** The arguments without one field of an object; `undefined` where the place is no field. */
function withoutField(
  params: readonly unknown[],
  path: readonly (string | number)[],
): readonly unknown[] | undefined {
  const last = path.at(-1);
  if (path.length < 2 || typeof last !== 'string') return undefined;
  return withValue(params, path, undefined) as readonly unknown[];
}

describeContract('judging random valid calls', () => {
  it(
    'never throws, and always says why',
    () => {
      for (const { call, label } of calls(1)) {
        const { risk, reasons, level } = judge([call]);
        expect({ label, isKnown: RISKS.includes(risk), isSaid: reasons.length > 0 }).toEqual({
          label,
          isKnown: true,
          isSaid: true,
        });
        expect(reasons.filter((reason) => reason.length < 4)).toEqual([]);
        expect(['operate', 'manage', 'destroy']).toContain(level);
        denialOf(call, { allowsCode: false });
        flagProblem(call);
      }
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'gives no lower risk when a value becomes odd',
    () => {
      const lowered: string[] = [];
      for (const { call, chance, label } of calls(2)) {
        const places = placesOf(call.params).filter((path) => path.length > 0);
        const path = places[Math.floor(chance() * places.length)];
        if (path === undefined) continue;
        const odd = ODD[Math.floor(chance() * ODD.length)];
        // Instead of nothing, a text is a value like any other.
        if (typeof odd === 'string' && !isText(valueAt(call.params, path))) continue;
        const params = withValue(call.params, path, odd) as readonly unknown[];
        if (rank({ ...call, params }) < rank(call))
          lowered.push(`${path.join('.')} = ${JSON.stringify(odd)}: ${label}`);
      }
      expect(lowered).toEqual([]);
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'gives no lower risk when one more field is given',
    () => {
      const lowered: string[] = [];
      for (const { call, chance, label } of calls(3)) {
        const places = placesOf(call.params);
        const path = places[Math.floor(chance() * places.length)];
        const fewer = path === undefined ? undefined : withoutField(call.params, path);
        if (
          path === undefined ||
          fewer === undefined ||
          isRequired(path) ||
          LOWERING.has(`${call.method} ${path.at(-1)}`)
        )
          continue;
        if (rank(call) < rank({ ...call, params: fewer })) lowered.push(`${path.join('.')}: ${label}`);
      }
      expect(lowered).toEqual([]);
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'gives no lower risk when the state before is odd than when it is as the call would leave it',
    () => {
      const lowered: string[] = [];
      for (const { call, chance, label } of calls(4)) {
        const data = call.params.find(
          (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
        );
        if (data === undefined) continue;
        const odd = ODD[Math.floor(chance() * 4)];
        const junk =
          chance() < 0.3 ? odd : Object.fromEntries(Object.keys(data as object).map((key) => [key, odd]));
        if (rank({ ...call, before: junk }) < rank({ ...call, before: data }))
          lowered.push(`${JSON.stringify(junk)}: ${label}`);
      }
      expect(lowered).toEqual([]);
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'takes a fact of an odd form for no fact',
    () => {
      for (const { call, chance, label } of calls(5)) {
        const odd = ['0', false, null, -1, 0.5, {}, [], Number.NaN, 'true'][Math.floor(chance() * 9)];
        const facts = {
          clients: odd,
          isNew: odd === false ? 'yes' : odd,
          shares: odd,
          attachments: odd,
          isRunning: odd === false ? 0 : odd,
        };
        expect({ label, odd, rank: rank({ ...call, facts }) }).toEqual({ label, odd, rank: rank(call) });
      }
    },
    FUZZ_TIMEOUT_MS,
  );
});
