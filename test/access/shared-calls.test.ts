import { expect, test } from 'vitest';
import { withSharedCalls } from '../../src/access/shared-calls.ts';
import type { ReadClient } from '../../src/truenas/client.ts';

test('equal calls are sent once, others each', async () => {
  const sent: string[] = [];
  const nas = withSharedCalls({
    call: async (method: string, params: readonly unknown[] = []) =>
      sent.push(`${method} ${JSON.stringify(params)}`),
  } as unknown as ReadClient);
  const answers = await Promise.all([nas.call('auth.me'), nas.call('auth.me', []), nas.call('auth.me', [1])]);
  expect(answers).toEqual([1, 1, 2]);
  expect(sent).toEqual(['auth.me []', 'auth.me [1]']);
});
