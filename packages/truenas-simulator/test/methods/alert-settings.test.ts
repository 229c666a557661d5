/** How alerts are graded, silenced and sent on. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('alerts on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeEach(async () => {
    connection = await nas.connect();
  });

  const listed = async (): Promise<string[]> =>
    (await connection.call('alert.list')).map(({ klass, level }: Json) => `${klass} ${level}`);
  const set = (classes: Json): Promise<Json> => connection.call('alertclasses.update', [{ classes }]);

  it('of a kind that nobody wants to hear of are not listed', async () => {
    expect(await listed()).toContain('ZpoolCapacityWarning WARNING');
    expect(await set({ ZpoolCapacityWarning: { policy: 'NEVER' } })).toMatchObject({
      classes: { ZpoolCapacityWarning: { policy: 'NEVER' } },
    });
    expect((await listed()).join(' ')).not.toContain('ZpoolCapacityWarning');
    await set({});
    expect(await listed()).toContain('ZpoolCapacityWarning WARNING');
  });

  it('are as grave as somebody has set for their kind, and come in that order', async () => {
    await set({ ScrubStarted: { level: 'EMERGENCY' } });
    expect((await listed())[0]).toBe('ScrubStarted EMERGENCY');
    await expect(set({ NoSuchClass: { level: 'INFO' } })).rejects.toMatchObject({ code: -32602 });
    await set({});
  });

  it('are all of a kind that is listed in a category', async () => {
    const categories: Json[] = await connection.call('alert.list_categories');
    const kinds = new Set(categories.flatMap(({ classes }) => classes.map(({ id }: Json) => id)));
    const raised: Json[] = await connection.call('alert.list');
    expect(raised.filter(({ klass }) => !kinds.has(klass))).toEqual([]);
  });

  const chat = { url: 'https://chat.example/hook/s3cret' };
  const service =
    release === '25.04'
      ? { name: 'chat', type: 'Slack', attributes: chat, level: 'ERROR' }
      : { name: 'chat', attributes: { type: 'Slack', ...chat }, level: 'ERROR' };

  it('are sent on by services that can be added, changed and removed', async () => {
    const { id } = await connection.call('alertservice.create', [service]);
    const off = await connection.call('alertservice.update', [id, { ...service, enabled: false }]);
    expect(off).toMatchObject({ enabled: false, type__title: 'Slack', level: 'ERROR' });
    expect(returnsProblems(release, 'alertservice.update', off)).toEqual([]);
    expect(await connection.call('alertservice.delete', [id])).toBe(true);
    expect(await connection.call('alertservice.query', [[['id', '=', id]]])).toEqual([]);
  });

  it.skipIf(release === '25.04')('are sent on with secrets that who only reads does not see', async () => {
    const { id } = await connection.call('alertservice.create', [service]);
    const url = async (): Promise<string> =>
      (await connection.call('alertservice.get_instance', [id])).attributes.url;
    expect(await url()).toBe(chat.url);
    nas.simulator.control.setRoles(['ALERT_READ']);
    expect(await url()).toBe('********');
    nas.simulator.control.setRoles(['ALERT_WRITE']);
    expect(await url()).toBe(chat.url);
  });
});
