import { describe, expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';
import { ask } from '../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('apps come with their state, version, update and ports', async () => {
    expect(await bench.ask('list_items', { kind: 'app' })).toBe(
      [
        '4 apps',
        'name       state    version  newest  update  image_update  ports  train',
        'immich     CRASHED  1.9.2    1.9.9   yes     no            -      community',
        'jellyfin   RUNNING  1.1.30   -       no      no            30013  community',
        'nextcloud  RUNNING  2.0.3    2.0.4   yes     no            30027  stable',
        'syncthing  STOPPED  1.2.4    -       no      no            -      stable',
      ].join('\n'),
    );
  });

  test('one app comes with its containers, volumes, last job and what an upgrade brings', async () => {
    const text = await bench.ask('get_item', { kind: 'app', id: 'nextcloud' });
    expect(text).toContain('last_job: app.upgrade FAILED 2026-02-28');
    expect(text).toContain(
      [
        'containers:',
        '  nextcloud: running, nextcloud/nextcloud:30.0.4, ports 30027->80/tcp',
        'volumes:',
        '  /mnt/.ix-apps/app_mounts/nextcloud/data at /data (rw)',
        'upgrade:',
        '  to 30.0.4_2.0.4',
      ].join('\n'),
    );
  });

  test('images come with the apps that use them, and those that nobody needs are told apart', async () => {
    expect(await bench.ask('list_items', { kind: 'app_image', sort: 'size' })).toBe(
      [
        '5 app images',
        '(used_by: by apps that are up; one that is stopped does not tell its images)',
        'tag                         size     update  dangling  used_by    created',
        'c88cd66ddc97                1.3 GiB  no      yes       -          2025-11-01 12:00Z',
        'immich/immich:1.132.3       729 MiB  no      no        -          2026-01-13 12:00Z',
        'syncthing/syncthing:1.29.2  556 MiB  no      no        -          2026-01-22 12:00Z',
        'jellyfin/jellyfin:10.10.3   383 MiB  yes     no        jellyfin   2026-01-31 12:00Z',
        'nextcloud/nextcloud:30.0.4  210 MiB  no      no        nextcloud  2026-02-09 12:00Z',
      ].join('\n'),
    );
  });

  test('the catalogue is asked for by part of a name', async () => {
    expect(await bench.ask('list_items', { kind: 'catalog_app', name: 'hol' })).toBe(
      [
        '1 catalog app with name=hol',
        'name    train   version  app_version  installed  categories  description',
        'pihole  stable  1.4.0    2025.04.0    no         networking  DNS that blocks advertising',
      ].join('\n'),
    );
  });

  test('a registry shows neither name nor password of its sign-in', async () => {
    expect(await bench.ask('list_items', { kind: 'registry' })).toBe(
      [
        '1 image registry',
        'name              url                               description  id',
        'private registry  https://registry.example.org/v2/  -            1',
      ].join('\n'),
    );
    const { params } =
      bench.simulator.calls().findLast(({ method }) => method === 'app.registry.query') ?? {};
    expect(JSON.stringify(params)).not.toMatch(/username|password/u);
  });
});

test.each(['app', 'app_image'])('while Docker is down, no %s is not said without why', async (kind) => {
  const status = { status: 'STOPPED', description: 'Application(s) have been stopped' };
  const down = { 'app.query': [], 'app.image.query': [], 'docker.status': status };
  const { text } = await ask(down, 'list_items', { kind });
  expect(text).toContain(
    '(Docker is STOPPED, Application(s) have been stopped: apps and images do not show until it runs)',
  );
});

test('mirrors of registries are told in both forms, and are unknown where no list is told', async () => {
  const mirrors = async (
    config: Record<string, never[] | string[] | { url: string; insecure: boolean }[]>,
  ) => {
    const answers = { 'docker.status': { status: 'RUNNING' }, 'docker.config': config };
    const { data } = await ask(answers, 'list_items', { kind: 'docker', fields: ['mirrors'] });
    return data.rows[0].mirrors;
  };
  expect(await mirrors({ registry_mirrors: [{ url: 'https://a.example.org', insecure: false }] })).toEqual([
    'https://a.example.org',
  ]);
  expect(
    await mirrors({ secure_registry_mirrors: ['https://b.example.org'], insecure_registry_mirrors: [] }),
  ).toEqual(['https://b.example.org']);
  expect(await mirrors({})).toBeUndefined();
});

test('ports that an app does not tell are unknown, not none', async () => {
  const used = [{ container_port: 80, protocol: 'tcp', host_ports: 'odd' }];
  const rows = [{ name: 'web', state: 'RUNNING', active_workloads: { containers: 1, used_ports: used } }];
  const { data } = await ask({ 'app.query': rows }, 'list_items', {
    kind: 'app',
    fields: ['ports', 'containers'],
  });
  expect(data.rows).toEqual([{ name: 'web', containers: 1 }]);
});
