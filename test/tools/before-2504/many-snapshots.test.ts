/** A NAS before 25.04 that has very many snapshots is asked for their names, and the answer says so. */
import { describe, expect, it } from 'vitest';
import { useTools } from '../../support/tools.ts';

describe.each(['24.10', 'core-13.3'] as const)('on %s', (release) => {
  const nas = useTools({ release, snapshots: 20_500 });

  it('names are told, with why nothing else is', async () => {
    const text = await nas.ask('list_snapshots', { limit: 3, fields: ['created', 'used'] });
    expect(text).toMatch(/^snapshots 1-3 of 20,500/);
    expect(text).toMatch(/\(more than the names of 3 could not be read \(The NAS has 20500 snapshots/);
    expect(await nas.ask('list_snapshots', { limit: 3 })).not.toContain('could not be read');
  });
});
