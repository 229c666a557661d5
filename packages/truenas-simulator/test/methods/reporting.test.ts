/** Measurements are kept for so many days, over boots, and do not come back once they are gone. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const DAY = 86_400;

describe.each(SIM_RELEASES)('measurements on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  /** Days from the first point to the last of a year that is asked for. */
  async function days(): Promise<number> {
    const [graph] = await connection.call('reporting.get_data', [[{ name: 'cpu' }], { unit: 'YEAR' }]);
    const times: number[] = graph.data.map(([time]: Json) => time);
    return Math.round((Math.max(...times) - Math.min(...times)) / DAY);
  }
  const keep = (tier1_days: number): Promise<Json> => connection.call('reporting.update', [{ tier1_days }]);

  it('reach back as far as they are kept, and no further when they are kept longer afterwards', async () => {
    expect(await days()).toBe(30);
    expect(await keep(10)).toMatchObject({ tier0_days: 7, tier1_days: 10 });
    expect(await connection.call('reporting.config')).toMatchObject({ tier1_days: 10 });
    expect(await days()).toBe(10);
    await keep(365);
    expect(await days()).toBe(10);
  });

  it('are of graphs that have no name for the use of a pool: only the present is told, from 25.10 on', async () => {
    const graphs: Json[] = await connection.call('reporting.netdata_graphs');
    expect(graphs.filter(({ name }) => name.includes('pool'))).toEqual([]);
    await connection.call('core.subscribe', ['reporting.realtime:{"interval":2}']);
    const told = await connection.frame(({ params }) => params?.collection?.startsWith('reporting.realtime'));
    expect('pools' in told.params.fields).toBe(release !== '25.04');
  });
});
