import { describe, expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';
describe('a healthy disk of a pool that is not', () => {
  const bench = useTools({ release: '25.10' });

  test('is told from the pool, with what the pool suffers from', async () => {
    const text = await bench.ask('diagnose_problem', { subject: 'disk', name: 'sdh' });
    expect(text).toMatch(
      /^CRITICAL: disk sdh ONLINE in pool backup, which is DEGRADED though this disk is not at fault;/u,
    );
    expect(text).toContain('CRITICAL pool degraded [pool.degraded]: backup');
    expect(text).toContain('CRITICAL disk out of service [disk.failed]: sdi (FAULTED');
    expect(text).not.toContain('No cause was found');
  });
});
