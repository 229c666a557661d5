/**
 * The healthy NAS of the cases (`test/nas-cases/support`) in memory, with single answers replaced by what a test writes. An
 * answer is sent as it stands, without filters and columns: rows in shapes that TrueNAS sends and the simulator does not.
 */
import type { ReadClient, WireValue } from '../../../src/truenas/index.ts';
import { expanded, isQuery, queried } from '../../nas-cases/support/answers.ts';
import { HEALTHY_NAS } from '../../nas-cases/support/healthy-nas.ts';
import * as rows from '../../nas-cases/support/rows.ts';
import { NOW_MS, runTool, toolNamed } from '../../support/tools.ts';

const DAY = 86_400_000;

/** A date before the tests' clock. */
export const ago = (days: number): Date => new Date(NOW_MS - days * DAY);

/** Answers by method; an error is thrown. */
export type Answers = Record<string, WireValue | Error | ((params: readonly WireValue[]) => WireValue)>;

/** A NAS in perfect health, with single answers replaced. Queries that a test does not answer find nothing. */
export function nasWith(answers: Answers, release = '25.10'): ReadClient {
  return {
    release: async () => ({ family: release, version: `TrueNAS-${release}.1` }),
    has: async () => true,
    call: async (method: string, params: readonly WireValue[] = []) => {
      const answer = answers[method];
      if (answer === undefined) return healthyAnswer(method, params);
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(params) : answer;
    },
  } as unknown as ReadClient;
}

function healthyAnswer(method: string, params: readonly WireValue[]): WireValue {
  if (!isQuery(method)) return wired(HEALTHY_NAS[method] ?? []);
  const reply = queried([], params);
  if (reply.kind !== 'result') throw new Error(`${method}: no such query`);
  return reply.value as WireValue;
}

/** Dates of the cases by the tests' clock. */
function wired(value: unknown): WireValue {
  return expanded(value, NOW_MS) as WireValue;
}

/** Runs a tool on it. */
export const ask = async (
  answers: Answers,
  tool: string,
  args: Record<string, unknown> = {},
  release = '25.10',
) => runTool(nasWith(answers, release), toolNamed(tool), args);

const GONE = { name: '9154337582071534917', guid: '9154337582071534917', device: null, disk: null };

/** A disk of a vdev; without a name it is gone. */
export const leaf = (
  disk: string | null,
  status = 'ONLINE',
  more: Record<string, WireValue> = {},
): WireValue => wired(rows.member(disk ?? 'gone', status, { ...(disk === null ? GONE : {}), ...more }));

/** A vdev with members. */
export const vdev = (
  name: string,
  type: string,
  status: string,
  children: WireValue[],
  more: Record<string, WireValue> = {},
): WireValue => wired(rows.vdev(name, type, children as rows.Row[], status, more));

/** A row of `pool.query`, in perfect health and without disks. */
export const pool = (
  more: Record<string, WireValue> = {},
  topology: Record<string, WireValue> = {},
): WireValue => wired(rows.pool('tank', more, { data: [], ...topology }));
