/** One boot of the simulated NAS: its state, without any socket. */
import { randomUUID } from 'node:crypto';
import { type Accounts, createAccounts } from '../auth/account-store.ts';
import { createEventHub, type EventHub } from '../session/events.ts';
import { createJobTable, type JobTable } from '../jobs/job-table.ts';
import { jobStyle } from '../jobs/job-style.ts';
import { legacyJobStyle } from '../legacy/job-style.ts';
import { legacyKeys } from '../world/legacy/keys.ts';
import { legacyMethods } from '../legacy/method-table.ts';
import type { SimMethod } from '../calls/method.ts';
import { methodsOf } from '../calls/registry.ts';
import {
  generationOf,
  isCore,
  type LegacyRelease,
  legacyOf,
  type SimRelease,
  type SimulatedRelease,
} from '../releases.ts';
import { seedJobs } from '../world/history.ts';
import { createWorld, type World } from '../world/world.ts';
import { blueprintOf, type WorldName } from '../worlds/index.ts';

/** What a boot starts from. */
export interface CoreOptions {
  readonly release: SimulatedRelease;
  readonly seed: number;
  readonly world?: WorldName | undefined;
  readonly datasets?: number | undefined;
  readonly snapshots?: number | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly now: () => number;
  /** Accounts of an earlier boot to keep. */
  readonly accounts?: (Accounts & { readonly issuedTo: string }) | undefined;
}

/** The state of the running NAS. A restart keeps world and accounts and forgets the rest. */
export interface Core {
  /** Of an older release: the one that its world and methods are made of. */
  readonly release: SimRelease;
  /** The older release it is; null for one that has the newer protocol. */
  readonly legacy: LegacyRelease | null;
  readonly bootId: string;
  readonly methods: ReadonlyMap<string, SimMethod>;
  readonly world: World;
  readonly accounts: Accounts & { readonly issuedTo: string };
  readonly jobs: JobTable;
  readonly events: EventHub;
  readonly now: () => number;
}

/** Boots a NAS that never ran before. */
export function bootNew(options: CoreOptions): Core {
  const { seed, datasets, snapshots, roles, now } = options;
  const release = generationOf(options.release);
  const legacy = legacyOf(options.release);
  const blueprint = blueprintOf(options.world);
  const accounts =
    options.accounts ??
    createAccounts({
      ...{ release, legacy, roles, now, household: blueprint.household },
      legacyKeys: legacyKeys(legacy, blueprint.isPlain === true),
    });
  accounts.upgraded(release);
  const world = createWorld({ release, legacy, seed, blueprint, datasets, snapshots, now });
  return boot({ release, legacy }, world, accounts, now);
}

/** Boots the same NAS again. */
export function reboot(core: Core): Core {
  core.jobs.stop();
  return boot(core, core.world, core.accounts, core.now);
}

function boot(
  { release, legacy }: Pick<Core, 'release' | 'legacy'>,
  world: World,
  accounts: Core['accounts'],
  now: () => number,
): Core {
  const events = createEventHub();
  const jobs = createJobTable(events, now, legacy === null ? jobStyle(release) : legacyJobStyle(legacy));
  seedJobs(world, jobs);
  if (isCore(legacy)) forgetForeignJobs(jobs);
  const methods = legacy === null ? methodsOf(release) : legacyMethods(legacy);
  return { release, legacy, bootId: randomUUID(), methods, world, accounts, jobs, events, now };
}

/** What the past of a world has of apps is not FreeBSD's. */
function forgetForeignJobs(jobs: JobTable): void {
  for (const { id, method } of jobs.rows()) if (/^(app|docker|catalog|virt)\./.test(method)) jobs.forget(id);
}
