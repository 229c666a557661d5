import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Rooms whose tests load most of the product and start no process: half of their time would go into loading it anew for each file. */
const SHARED = [
  'test/{access,changes,config,output,policy,prompts,secrets,systems,truenas,updates}/**/*.test.ts',
  'test/tools/{accounts,api,apps,changes,network,protection,sharing,storage,system}/**/*.test.ts',
];

/** Suites that try every tool, kind or fault, each on every release, and those that build every package: `npm run test:long`. `npx vitest run PATH` finds them as any other. */
const LONG = [
  'test/tools/{answers-fit,budgets,every-tool,many-rows,worlds}.test.ts',
  'test/changes/{adversary,every-tool,every-way,fault-matrix}.test.ts',
  'test/contract/{call-api-write,part-failures,tools-calls,tools-newer}.test.ts',
  'test/findings/{every-finding,migration}.test.ts',
  'test/chaos/{calls,client,nas,process,retained-memory}.test.ts',
  'test/fuzz/odd-answers{,-24.10,-core-13.3}.test.ts',
  'test/stdio/interrupted-changes.test.ts',
  'test/cli/{call,cli,doctor/broken-set-ups,setup/{account,run-again}}.test.ts',
  'test/{acceptance/evals,policy/parameters}.test.ts',
  'test/tools/{api/api-tools,api/call-api-write,api/catalog/describe,api/catalog/recall,apps/apps,before-2504/allow-list,protection/run-task,sharing/change-shares,storage/disk-changes,system/change-system,system/control-service,system/migration-gaps,system/new-system,system/use-web-certificate}.test.ts',
  'test/{mcp/handlers/views,mcp/tasks,package/package,secrets/plant}.test.ts',
  'test/packages/{packages,definitions}.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'product',
          include: ['test/**/*.test.ts'],
          exclude: [...SHARED, ...LONG, 'test/browser/**', 'test/ui/**'],
        },
      },
      { extends: true, test: { name: 'long', include: LONG, testTimeout: 60_000 } },
      {
        extends: true,
        test: {
          name: 'rooms',
          include: SHARED,
          exclude: LONG,
          // What is kept between calls is kept by connection, and each file opens its own.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulator',
          include: ['packages/*/test/**/*.test.ts'],
          // Its files share nothing but modules that hold no state; to load those anew for each costs half of the time.
          isolate: false,
        },
      },
    ],
    // Long enough for a machine that does much else besides; a test that hangs is found all the same.
    testTimeout: 40_000,
    hookTimeout: 60_000,
    // One more than there are processors: many tests wait, for a process to start or for a NAS to stay silent.
    maxWorkers: availableParallelism() + 1,
    coverage: { include: ['src/**/*.ts', 'packages/*/src/**/*.ts'] },
  },
});
