/** Completions come with every letter that a person types: nothing may be left of them. */
import { expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { complete } from '../../../src/mcp/handlers/completions.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import type { ReadClient } from '../../../src/truenas/client.ts';
import { accessTo } from '../../support/access.ts';
import { stillHeld } from '../../support/garbage.ts';
import { keepingLog } from '../../truenas/support/client.ts';

it('the limit of each is let go of when it is answered', async () => {
  const limits: WeakRef<object>[] = [];
  const nas: ReadClient = {
    release: () => Promise.reject(new Error('not asked for')),
    has: () => Promise.resolve(true),
    call(_method, _params, options) {
      if (options?.signal !== undefined) limits.push(new WeakRef(options.signal));
      return Promise.resolve([{ name: 'tank' }]);
    },
  };
  const redactor = createRedactor({ ownSecrets: [] });
  const access = accessTo(() => Promise.resolve(nas), redactor);
  const { signal } = new AbortController();
  for (let index = 0; index < 50; index += 1) {
    const answer = await complete(
      {
        ref: { type: 'ref/prompt', name: 'capacity_plan' },
        argument: { name: 'pool', value: '' },
      },
      {
        nas: access,
        caller: LOCAL_CALLER,
        resources: [],
        redactor,
        log: keepingLog(),
        toolNames: new Set(['list_pools', 'get_pool', 'list_datasets', 'list_disks', 'system_overview']),
        signal,
      },
    );
    expect(answer.completion.values).toEqual(['tank']);
  }
  expect(limits).toHaveLength(50);
  expect(await stillHeld(limits)).toBeLessThan(3);
});
