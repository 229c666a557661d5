/** On FreeBSD no role tells what a method does: every one that is simulated is known as reading or changing. */
import { expect, it } from 'vitest';
import { isMutatingByName } from '../../src/calls/mutating.ts';
import { legacyMethods } from '../../src/legacy/method-table.ts';

it('the changes of the simulated CORE are these', () => {
  const changing = [...legacyMethods('core-13.3').values()].filter(isMutatingByName).map(({ name }) => name);
  expect(changing.sort()).toEqual([
    ...['alert.dismiss', 'alert.restore', 'api_key.create', 'api_key.delete', 'api_key.update'],
    ...['auth.generate_token', 'config.upload', 'core.bulk', 'core.job_abort', 'core.job_test'],
    ...['core.resize_shell', 'cronjob.create', 'cronjob.delete', 'cronjob.run', 'cronjob.update'],
    'tunable.create',
  ]);
});
