/** `smart.*` (25.04 only): S.M.A.R.T. tests and their results. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import type { Disk } from '../world/disks.ts';
import { type ApiRow, ONLY_25_04, readable } from './common.ts';

export const SMART_METHODS: readonly SimMethod[] = [
  {
    name: 'smart.test.results',
    description: 'Results of the self-tests of each disk.',
    releases: ONLY_25_04,
    roles: ['REPORTING_READ'],
    filterable: true,
    run: ({ world }: MethodContext) => world.disks.all.map(resultsRow),
  },
  {
    name: 'smart.config',
    description: 'How S.M.A.R.T. watches the disks.',
    releases: ONLY_25_04,
    roles: ['DISK_READ'],
    run: () => ({ id: 1, interval: 30, powermode: 'NEVER', difference: 0, informational: 0, critical: 0 }),
  },
  ...readable({
    namespace: 'smart.test',
    takesAnyIdBefore: true,
    entity: 'SMARTTest',
    what: 'scheduled S.M.A.R.T. tests',
    releases: ONLY_25_04,
    roles: ['DISK_READ'],
    rows: () => [
      {
        id: 1,
        schedule: { hour: '2', dom: '*', month: '*', dow: '7' },
        desc: 'Short test every week',
        all_disks: true,
        disks: [],
        type: 'SHORT',
      },
    ],
  }),
];

function resultsRow(disk: Disk): ApiRow {
  const isFailing = disk.health === 'failing';
  const test = (num: number, hoursAgo: number, failed: boolean): ApiRow => ({
    num,
    description: num % 4 === 0 ? 'Extended offline' : 'Short offline',
    status: failed ? 'FAILED' : 'SUCCESS',
    status_verbose: failed ? 'Completed: read failure' : 'Completed without error',
    remaining: failed ? 0.9 : 0,
    lifetime: disk.powerOnHours - hoursAgo,
    lba_of_first_error: failed ? '1957836208' : null,
  });
  return {
    disk: disk.name,
    tests: [test(1, 20, isFailing), test(2, 188, isFailing), test(3, 356, false), test(4, 524, false)],
  };
}
