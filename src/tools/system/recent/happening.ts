/** Something that happened on the NAS, in one form wherever it was read. */
import { plural } from '../../../output/units.ts';

/** Sorts of happenings, as they stand in an answer. */
export type Sort = 'change' | 'sign-in' | 'command' | 'job' | 'alert' | 'boot' | 'update';

/** One happening. Texts come from {@link safeText}. */
export interface Happening {
  readonly sort: Sort;
  /** Milliseconds since the epoch; null where the NAS does not tell. */
  readonly atMs: number | null;
  /** Who did it; null where nobody did, undefined where it is not known. */
  readonly who: string | null | undefined;
  readonly what: string;
  /** Address that it came from. */
  readonly from?: string | undefined;
  /** `failed: …`; absent where it went well. Undefined is not known. */
  readonly result?: string | undefined;
  readonly isFailure?: boolean;
  /** Of a refused sign-in, the account that was tried. */
  readonly account?: string;
  /** Of a change or a job. */
  readonly method?: string;
}

/** Equal ones in one: the newest, with how many there were. */
export interface Told extends Happening {
  readonly count: number;
}

/** The newest first, those of which the time is not known before all others. Equal ones are told once. */
export function timeline(all: readonly Happening[]): Told[] {
  const order = (each: Happening): number => each.atMs ?? Number.POSITIVE_INFINITY;
  const told = new Map<string, Told>();
  for (const each of all.toSorted((a, b) => (order(a) === order(b) ? 0 : order(b) - order(a)))) {
    const key = JSON.stringify([each.sort, each.who ?? '', each.what, each.from ?? '', each.result ?? '']);
    const known = told.get(key);
    told.set(key, known === undefined ? { ...each, count: 1 } : { ...known, count: known.count + 1 });
  }
  return [...told.values()];
}

/** A job that somebody's call started, and its end, are one thing: the call says who, the job how it went. */
export function withoutEchoes(all: readonly Happening[]): Happening[] {
  const jobs = all.filter(({ sort }) => sort === 'job');
  const echoes = new Set<Happening>();
  const rest = all.map((each) => {
    const { sort, method, atMs } = each;
    if (sort !== 'change' || method === undefined || atMs === null) return each;
    const job = jobs.find(
      (known) =>
        !echoes.has(known) &&
        known.method === method &&
        known.atMs !== null &&
        Math.abs(known.atMs - atMs) < ECHO_MS,
    );
    if (job === undefined) return each;
    echoes.add(job);
    return job.result === undefined
      ? each
      : { ...each, result: job.result, isFailure: job.isFailure === true };
  });
  return rest.filter((each) => !echoes.has(each));
}

/** A call is noted when it ends or starts its job, to the second. */
const ECHO_MS = 10_000;

/** `3 changes, 12 sign-ins`. */
export function countsText(all: readonly Happening[]): string {
  const nouns: readonly (readonly [Sort, string])[] = [
    ['change', 'change'],
    ['sign-in', 'sign-in'],
    ['command', 'command with sudo'],
    ['job', 'job'],
    ['alert', 'alert'],
    ['update', 'update'],
    ['boot', 'boot'],
  ];
  const texts = nouns.flatMap(([sort, noun]) => {
    const count = all.filter((each) => each.sort === sort).length;
    return count === 0
      ? []
      : [noun === 'command with sudo' ? `${plural(count, 'command')} with sudo` : plural(count, noun)];
  });
  return texts.join(', ');
}
