/** Answers of call_api_read: the most telling columns, nothing cut in silence, no secret, and inputs as they are meant. */
import { expect, it } from 'vitest';
import { estimateTokens } from '../../../src/output/budget.ts';
import { dataTokens } from '../../../src/output/fit-data.ts';
import { describeContract } from '../../support/contract.ts';
import { connect, reason } from './support/connect.ts';

const LONG = `begin ${'word '.repeat(60)}end`;

describeContract('call_api_read', () => {
  it('shows the columns first by which a row is known, and how it is', async () => {
    const row = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`field${index}`, index]));
    const rows = [1, 2].map((id) => ({
      ...row,
      error: 'no',
      enabled: true,
      state: 'OK',
      status: 'up',
      name: 'a',
      id,
    }));
    const nas = await connect('25.10', {
      answer: (method) => (method === 'service.query' ? rows : undefined),
    });
    const { text } = await nas.read({ method: 'service.query' });
    expect(text.split('\n')[1]).toMatch(/^id +name +state +status +enabled +error +field0 /u);
    expect(text).toContain('more fields, by select: field4,');
  });

  it('shows a row by itself in full, and its data with their types', async () => {
    const row = { id: 7, name: 'a', note: LONG, parts: { size: 4e12, isOn: false }, none: null };
    const nas = await connect('25.10', { answer: (method) => (method === 'disk.query' ? [row] : undefined) });
    const { text, data } = await nas.read({ method: 'disk.query' });
    expect(text).toContain(`note: ${LONG}`);
    expect(text).toContain('parts.size: 4000000000000');
    expect(data.rows?.[0]).toMatchObject({ id: 7, name: 'a', none: null });
    expect(data.total).toBe(1);
  });

  it('says that a value was cut, and the call it names shows it whole', async () => {
    const rows = [1, 2, 3].map((id) => ({ id, name: `n${id}`, note: id === 2 ? LONG : 'short' }));
    const nas = await connect('25.10', {
      answer(method, params) {
        if (method !== 'disk.query') return undefined;
        const { offset = 0, limit = 100 } = params[1] as { offset?: number; limit?: number };
        return rows.slice(offset, offset + limit);
      },
    });
    const { text } = await nas.read({ method: 'disk.query' });
    const [, call = ''] =
      /\(values that end in \.\.\. are cut; the first of them whole: call_api_read (.*)\)/u.exec(text) ?? [];
    expect(JSON.parse(call)).toEqual({ method: 'disk.query', select: ['note'], offset: 1, limit: 1 });
    expect((await nas.read(JSON.parse(call) as object)).text).toContain(`note: ${LONG}`);
  });

  it('says that a field of an object was cut, and the call it names shows more of it', async () => {
    const notes = `begin${'x'.repeat(3000)}end`;
    const nas = await connect('25.10', {
      answer: (method) => (method === 'system.info' ? { version: 'x', notes } : undefined),
    });
    const { text } = await nas.read({ method: 'system.info' });
    expect(text).toContain(
      'the first of them whole: call_api_read {"method":"system.info","select":["notes"]})',
    );
    expect((await nas.read({ method: 'system.info', select: ['notes'] })).text).toContain(notes);
  });

  it('takes dotted paths into objects and lists, and says when no row has one', async () => {
    const rows = [1, 2].map((id) => ({
      id,
      scan: { state: 'FINISHED' },
      disks: [{ name: `sda${id}` }, { name: `sdb${id}` }],
    }));
    const nas = await connect('25.10', { answer: (method) => (method === 'pool.query' ? rows : undefined) });
    const select = ['scan.state', 'disks.name', 'disks.1.name', 'scan.stat', 'disks.7.name', 'disk.name'];
    const { text, data } = await nas.read({ method: 'pool.query', select });
    expect(data.rows?.[0]).toMatchObject({
      'scan.state': 'FINISHED',
      'disks.name': 'sda1, sdb1',
      'disks.1.name': 'sdb1',
    });
    expect(text).toContain('no row has: scan.stat, disks.7.name, disk.name\n');
    const info = await connect('25.10', {
      answer: (method) => (method === 'system.info' ? { a: 1 } : undefined),
    });
    expect((await info.read({ method: 'system.info', select: ['a', 'b.c'] })).text).toContain(
      'the answer has no: b.c',
    );
  });

  it('leaves fields that hold secrets out with a note, chosen or not, and asks the NAS for none', async () => {
    const nas = await connect('27.0');
    const chosen = await nas.read({ method: 'user.query', select: ['username', 'unixhash'] });
    expect(chosen.text).toContain('(left out, as they hold secrets: unixhash)');
    const whole = await nas.read({ method: 'keychaincredential.query' });
    expect(whole.text).toContain('(left out, as they hold secrets: attributes)');
    const asked = nas.peer.calls().filter(({ method }) => method.endsWith('.query'));
    expect(asked.map(({ params }) => (params[1] as { select: string[] }).select)).toEqual([
      ['username'],
      expect.not.arrayContaining(['attributes']),
    ]);
    expect(await reason(nas.read({ method: 'user.query', select: ['unixhash'] }))).toContain(
      '"select" names only fields that hold secrets',
    );
  });

  it('takes one filter without its list, other signs for equal, one text of fields, numbers as text', async () => {
    const nas = await connect('27.0');
    await nas.read({
      method: 'disk.query',
      filters: ['name', '==', 'sda'],
      select: 'name, size',
      order_by: '-size',
      limit: '5',
      offset: null,
    });
    await nas.read({ method: 'disk.query', filters: '[["OR",[["name","<>","a"],[["pool","===","b"]]]]]' });
    await nas.read({ method: 'pool.get_instance', params: ['1'] });
    const asked = nas.peer.calls().filter(({ method }) => /^(?:disk|pool)\./u.test(method));
    expect(asked.map(({ params }) => params)).toEqual([
      [[['name', '=', 'sda']], { select: ['name', 'size'], order_by: ['-size'], limit: 6 }],
      [[['OR', [['name', '!=', 'a'], [['pool', '=', 'b']]]]], { limit: 21 }],
      [1],
    ]);
  });

  const WIDE = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`field${index}`, `${index} ${LONG}`]),
  );
  it.each<[string, string, unknown]>([
    ['many rows', 'disk.query', Array.from({ length: 500 }, (_, id) => ({ ...WIDE, id }))],
    ['one wide row', 'disk.query', [{ ...WIDE, notes: 'x y '.repeat(50_000) }]],
    ['many items', 'app.categories', Array.from({ length: 5000 }, (_, id) => `category ${id} ${LONG}`)],
    ['one endless item', 'app.categories', ['資料夾'.repeat(50_000)]],
    [
      'an object of many fields',
      'system.info',
      { ...WIDE, deep: { list: Array.from({ length: 900 }, () => WIDE) } },
    ],
    ['an endless text', 'system.version', '{"a":[1,2]}, '.repeat(20_000)],
    ['a text that is all escaped', 'system.version', '\u202E\u0007"'.repeat(20_000)],
  ])('keeps text and data of %s together to the budget', async (_, method, answer) => {
    const nas = await connect('25.10', { answer: (asked) => (asked === method ? answer : undefined) });
    for (const budgetTokens of [2000, 6000]) {
      const { text, data } = await nas.read({ method, limit: 500 }, budgetTokens);
      expect(estimateTokens(text) + dataTokens(data)).toBeLessThanOrEqual(budgetTokens);
      expect(estimateTokens(text)).toBeGreaterThan(budgetTokens / 8);
    }
  });
});
