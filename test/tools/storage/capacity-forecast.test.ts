import { describe, expect, it, test } from 'vitest';
import { spreadNames } from '../../../src/tools/storage/capacity-facts.ts';
import { refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';

const bench = useTools({ release: '27.0' });
const home = useTools({ release: '25.10', world: 'home' });
const tool = () => toolNamed('capacity_forecast');

test('tells when a pool is so full, with the range, how sure, and what drives it', async () => {
  expect(await bench.ask('capacity_forecast', { pool: 'backup' })).toMatchInlineSnapshot(`
    "OK: backup 80 % full about 2026-08
    NOTE 80 % full within 180 days if it goes on so, likely [capacity.filling_soon]: backup (about 2026-08) → space_report, for what can be freed
    backup: 56 % of 7 TiB used; +327 GiB a month (+301 GiB to +327 GiB) by 13 d of snapshots of 82 % of what it uses. 80 % about 2026-08 (2026-05 to 2027-01; rough); 90 % about 2026-10 (2026-07 to 2027-05; rough); 100 % about 2026-12 (2026-08 to 2027-09; rough).
    By what kept snapshots say their datasets held, as no history of usage is read: what snapshots hold themselves counts as it is now, smaller datasets count as not growing, and large copies or deletions to come are in no history.
    5 datasets
    dataset                   own      month      range                   history  note
    backup/replica/projects   1.1 TiB  +140 GiB   +129 GiB to +140 GiB    13 d     -
    backup/replica/home       959 GiB  +115 GiB   +106 GiB to +115 GiB    13 d     -
    backup/replica/documents  502 GiB  +60.2 GiB  +55.5 GiB to +60.2 GiB  13 d     -
    backup/offsite            673 GiB  +11.5 GiB  +10.6 GiB to +11.5 GiB  94 d     -
    backup/old-server         330 GiB  -          -                       -        without snapshots"
  `);
});

test('too little history is said, and never guessed from', async () => {
  const { text, data } = await runTool(bench.nas, tool(), { pool: 'fast' });
  expect(data.verdict).toBe('UNKNOWN');
  expect(text).toMatch(/^UNKNOWN: when 1 pool will be full is not known$/mu);
  expect(text).toContain('tell of 9 % of what it uses, less than half');
  expect(text).not.toMatch(/(?:80|90|100) % (?:full )?about 20/u);
});

test('what is known of less than half of a pool is told as that', async () => {
  const { text, data } = await runTool(home.nas, tool(), {});
  expect(data.verdict).toBe('UNKNOWN');
  expect(text).toMatch(
    /tank: the 25 % of it whose growth is known makes \+\d+ GiB a month; that alone fills it/u,
  );
  expect(text).not.toContain('80 % about');
});

test('snapshots that this key may not read are a gap, not a pool that does not grow', async () => {
  const { text, data } = await runTool(refusing(bench.nas, 'pool.snapshot.query'), tool(), { pool: 'tank' });
  expect(data.verdict).toBe('UNKNOWN');
  expect(text).toContain('not allowed for this API key');
  expect(text).not.toContain('±0');
});

test('a mistyped pool is answered with the names that exist', async () => {
  expect(await bench.ask('capacity_forecast', { pool: 'tnk' })).toMatch(/"tnk".*"tank"/su);
});

describe('a pool that is not imported', () => {
  const trouble = useTools({ release: 'core-13.3', world: 'trouble' });

  test('is told among the pools of which it is not known', async () => {
    const text = await trouble.ask('capacity_forecast');
    expect(text).toContain('of 2 more pools it is not known');
    expect(text).toContain('how full vault is: none of its datasets is seen; get_pool tells its state');
  });

  test('is no mistyped name', async () => {
    const text = await trouble.ask('capacity_forecast', { pool: 'vault' });
    expect(text).toMatch(/^UNKNOWN: when 1 pool will be full is not known/u);
    expect(text).not.toContain('did you mean');
  });
});

test('a NAS is asked for a few snapshots, one by one, and not for all of them', async () => {
  const before = bench.simulator.calls().length;
  await bench.ask('capacity_forecast', {});
  const asked = bench.simulator.calls().slice(before);
  expect(asked.length).toBeLessThan(150);
  expect(Math.max(...asked.map(({ bytesOut }) => bytesOut))).toBeLessThan(64 * 1024);
});

describe('the snapshots that are looked at', () => {
  const daily = Array.from({ length: 60 }, (_, day) => `tank@daily-2026-${String(100 + day)}`);

  it('are spread over the history, its first and its last among them', () => {
    const chosen = spreadNames(daily);
    expect(chosen).toHaveLength(6);
    expect([chosen[0], chosen.at(-1)]).toEqual([daily[0], daily.at(-1)]);
  });

  it('are of each form of names, as one may be years older', () => {
    const chosen = spreadNames([...daily, 'tank@yearly-2020', 'tank@yearly-2021', 'tank@before the move']);
    expect(chosen).toContain('tank@yearly-2020');
    expect(chosen).toContain('tank@before the move');
    expect(chosen.length).toBeLessThanOrEqual(6);
  });

  it('are all where there are few', () => {
    expect(spreadNames(['tank@a', 'tank@b'])).toEqual(['tank@a', 'tank@b']);
    expect(spreadNames([])).toEqual([]);
  });
});
