import { describe, expect, test } from 'vitest';
import type { WireValue } from '../../../src/truenas/client.ts';
import { useTools } from '../../support/tools.ts';
import { ask } from '../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('what failed or was refused in a week, the newest first', async () => {
    const refused =
      '2026-02-27 12:00Z  .UNAUTHENTICATED  AUTHENTICATION  LOGIN_PASSWORD as root: Bad username or password  203.0.113.66  no';
    expect(await bench.ask('list_items', { kind: 'audit_entry', filter: ['success=false', 'time>7d'] })).toBe(
      [
        '6 audit entries',
        'filter: success no and time after 2026-02-22T12:00:00Z',
        'time               user              event           what                                              from          success',
        '2026-02-28 09:02Z  truenas_admin     METHOD_CALL     App: Upgrading nextcloud                          192.0.2.50    no',
        ...[refused, refused, refused, refused, refused],
      ].join('\n'),
    );
  });

  test('time, user, event and success are compared by the NAS, which is asked for one page of one service', async () => {
    await bench.ask('list_items', {
      kind: 'audit_entry',
      name: 'admin',
      filter: ['success=false', 'time>7d', 'event=method_call'],
      limit: 5,
    });
    const calls = bench.simulator.calls().filter(({ method }) => method === 'audit.query');
    const [page, count] = calls.slice(-2).map(({ params }) => params as [Record<string, unknown>]);
    expect(page).toEqual([
      {
        services: ['MIDDLEWARE'],
        'query-filters': [
          ['username', '~', '.*admin'],
          ['success', '=', false],
          ['message_timestamp', '>', 1_771_761_600],
          ['event', '=', 'METHOD_CALL'],
        ],
        'query-options': {
          select: [
            'event',
            'event_data',
            'service_data',
            'message_timestamp',
            'username',
            'address',
            'success',
          ],
          order_by: ['-message_timestamp'],
          limit: 5,
          offset: 0,
        },
      },
    ]);
    expect(count?.[0]['query-options']).toEqual({ count: true });
  });

  test('another service is asked for by its filter, and one that is none is told by those there are', async () => {
    expect(await bench.ask('list_items', { kind: 'audit_entry', filter: ['service=sudo'] })).toMatch(
      /^2026-02-28 16:00Z +truenas_admin +ACCEPT +\/usr\/sbin\/zpool status +127\.0\.0\.1 +yes$/mu,
    );
    expect(await bench.ask('list_items', { kind: 'audit_entry', filter: ['service=ssh'] })).toBe(
      'Invalid argument: "filter" compares service with what is none; service=MIDDLEWARE, service=SMB, service=SUDO, service=SYSTEM; without one MIDDLEWARE is shown',
    );
  });

  test('one entry comes with its arguments', async () => {
    const text = await bench.ask('get_item', {
      kind: 'audit_entry',
      id: 'c534c570-5c73-4aa7-87f5-d60227b2bd09',
    });
    expect(text).toContain('what: SMB share update old-scans');
    expect(text).toContain('"params":[6,{"enabled":false}]');
  });

  test('graphs come with what each is kept for', async () => {
    expect(await bench.ask('list_items', { kind: 'reporting_graph', name: 'interface' })).toBe(
      [
        '1 reporting graph with name=interface',
        'name       title                             unit        identifiers',
        'interface  Interface Traffic ({identifier})  Kilobits/s  enp3s0f0, enp3s0f1, br0, eno1',
      ].join('\n'),
    );
  });
});

const entry = {
  audit_id: 'a1',
  message_timestamp: 1_771_761_600,
  address: '192.0.2.7',
  username: 'alice',
  session: 's',
  service: 'SMB',
  event: 'CREATE',
  success: true,
};

test.each([
  [
    { service: 'media' },
    { file: { type: 'FILE', name: 'a.txt', path: 'films/a.txt' } },
    'media: films/a.txt',
  ],
  [{ service: 'media' }, { host: '192.0.2.7' }, 'media'],
  [null, { src_file: { path: 'old' }, dst_file: { path: 'new' } }, 'old'],
  [null, { sudo: { reject: { command: '/bin/sh', reason: 'not allowed' } } }, '/bin/sh'],
  [null, { reason: 'Update' }, 'Update'],
  [null, null, undefined],
  [null, { description: 7, method: null }, undefined],
])('what happened is told in few words: %j %j', async (service_data, event_data, what) => {
  const answer = ([asked]: readonly WireValue[]) =>
    JSON.stringify(asked).includes('"count":true') ? 1 : [{ ...entry, service_data, event_data }];
  const { data } = await ask({ 'audit.query': answer }, 'list_items', { kind: 'audit_entry' });
  expect(data.rows[0].what).toBe(what);
});
