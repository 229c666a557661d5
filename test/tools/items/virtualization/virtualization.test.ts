import { describe, expect, test } from 'vitest';
import { ROLES_TO_READ } from '../../../../src/policy/roles.ts';
import { useTools } from '../../../support/tools.ts';
import { ago, ask } from '../../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('virtual machines come with their disks and how fresh the snapshots of these are', async () => {
    expect(await bench.ask('list_items', { kind: 'vm' })).toBe(
      [
        '3 virtual machines',
        'id  name   state    autostart  cpus  memory  disks           newest_snapshot',
        '2   db01   RUNNING  yes        4     16 GiB  fast/vms/db01   2026-03-01 12:00Z',
        '1   web01  RUNNING  yes        2     4 GiB   fast/vms/web01  2026-03-01 12:00Z',
        '3   win11  STOPPED  no         4     8 GiB   fast/vms/win11  2026-03-01 12:00Z',
      ].join('\n'),
    );
  });

  test('a display is shown with its address, never with its password', async () => {
    const answers = [
      await bench.ask('list_items', { kind: 'vm', fields: ['display'] }),
      await bench.ask('get_item', { kind: 'vm', id: 'web01' }),
      await bench.ask('list_items', { kind: 'vm_device', filter: ['vm=web01'] }),
      await bench.ask('get_item', { kind: 'vm_device', id: '12' }),
    ];
    for (const text of answers) {
      expect(text).toContain('SPICE 127.0.0.1:5902 web 5903');
      expect(text).not.toContain('spice-');
      expect(text).not.toContain('password');
    }
  });

  test('containers are the same question on each release', async () => {
    expect((await bench.ask('list_items', { kind: 'container' })).split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(/^name +state +autostart +cpus +pool +description/u),
      expect.stringMatching(/^build +STOPPED +no +- +fast/u),
    ]);
    const text = await bench.ask('get_item', { kind: 'container', id: 'build' });
    expect(text).toContain('devices:\n  NIC br0');
    expect(text).toContain('/mnt/tank/projects at /srv/projects');
  });
});

describe('devices of containers', () => {
  const old = useTools({ release: '25.10' });
  const bench = useTools({ release: '27.0' });

  test('are a table from 26 on, and the release is named where they are not', async () => {
    expect((await bench.ask('list_items', { kind: 'container_device' })).split('\n').slice(1)).toEqual([
      'id  container  dtype       device',
      expect.stringMatching(/^20 {2}build +NIC +br0 00:16:3e/u),
      '21  build      FILESYSTEM  /mnt/tank/projects at /srv/projects',
      expect.stringMatching(/^10 {2}dns +NIC +br0 00:16:3e/u),
    ]);
    expect(await old.ask('list_items', { kind: 'container_device' })).toContain(
      'TrueNAS 25.10 has no devices of containers',
    );
  });
});

/** A machine with these disks. */
const machine = (...paths: readonly (string | null)[]) => ({
  ...{ id: 1, name: 'm', autostart: true, vcpus: 1, cores: 2, threads: 2, memory: 1024 },
  status: { state: 'RUNNING' },
  devices: paths.map((path) => ({ attributes: { dtype: 'DISK', path, type: 'VIRTIO' } })),
});

const created = (days: number) => [{ properties: { creation: { parsed: ago(days) } } }];

test.each<[string, ReturnType<typeof machine>, string | undefined]>([
  [
    'is that of the disk which was left behind',
    machine('/dev/zvol/a/new', '/dev/zvol/a/old'),
    '2026-02-19 12:00Z',
  ],
  ['is none when a disk has none', machine('/dev/zvol/a/new', '/dev/zvol/a/bare'), 'none'],
  ['is not there without a zvol', machine('/mnt/a/disk.img'), 'no zvol'],
  ['is unknown when that of a disk is', machine('/dev/zvol/a/new', '/dev/zvol/a/odd'), undefined],
  ['is unknown when the devices are', { ...machine(), devices: 'odd' as never }, undefined],
])('the newest snapshot of a machine %s', async (_, row, expected) => {
  const answers = {
    'vm.query': [row],
    'pool.snapshot.query': (params: readonly unknown[]) => {
      const text = JSON.stringify(params);
      if (text.includes('a/odd')) return 'odd';
      if (text.includes('a/bare')) return [];
      if (text.includes('"id"')) return created(text.includes('a/new@') ? 1 : 10);
      return [{ name: text.includes('a/new') ? 'a/new@x' : 'a/old@x' }];
    },
  };
  const { data } = await ask(answers, 'list_items', { kind: 'vm' }, '27.0');
  expect(data.rows[0].newest_snapshot).toBe(expected);
  expect(data.rows[0].cpus).toBe(4);
});

describe('images for containers', () => {
  const old = useTools({ release: '25.10' });
  const bench = useTools({ release: '27.0' });

  test('are found by system, release, architecture and variant, with the version that a container is made of', async () => {
    expect(
      await bench.ask('list_items', { kind: 'container_image', name: 'debian*' }),
    ).toMatchInlineSnapshot(`
      "6 images for containers with name=debian*
      name                           os      release   variant  archs  version
      debian:bookworm:amd64:cloud    debian  bookworm  cloud    amd64  20260301_05:24
      debian:bookworm:amd64:default  debian  bookworm  default  amd64  20260301_05:24
      debian:bookworm:arm64:cloud    debian  bookworm  cloud    arm64  20260301_05:24
      debian:bookworm:arm64:default  debian  bookworm  default  arm64  20260301_05:24
      debian:trixie:amd64:cloud      debian  trixie    cloud    amd64  20260301_05:24
      debian:trixie:amd64:default    debian  trixie    default  amd64  20260301_05:24"
    `);
    expect(
      await bench.ask('list_items', {
        kind: 'container images',
        filter: ['archs=arm64', 'variant=cloud'],
        fields: ['versions'],
      }),
    ).toMatchInlineSnapshot(`
      "2 images for containers
      filter: archs has arm64 and variant = cloud
      name                         versions
      alpine:3.21:arm64:cloud      20260227_05:24, 20260228_05:24, 20260301_05:24
      debian:bookworm:arm64:cloud  20260227_05:24, 20260228_05:24, 20260301_05:24"
    `);
  });

  test('go by another name up to 25.10, where they make machines too', async () => {
    expect(
      await old.ask('list_items', {
        kind: 'container_image',
        name: 'ubuntu*',
        fields: ['makes', 'secure_boot'],
      }),
    ).toMatchInlineSnapshot(`
      "3 images for containers with name=ubuntu*
      name                  makes      secure_boot
      ubuntu/noble/cloud    CONTAINER  -
      ubuntu/noble/default  CONTAINER  -
      ubuntu/noble/desktop  VM         yes"
    `);
    expect(await old.ask('get_item', { kind: 'container_image', id: 'debian/trixie' })).toMatchInlineSnapshot(
      `"Invalid argument: "id" names none of the images for containers: debian/trixie; did you mean "debian/trixie/cloud" or "debian/trixie/default"?"`,
    );
  });

  test('of an unknown name keep their name, and none of their versions is called the newest', async () => {
    const odd = [{ name: 'odd', versions: [{ version: 'v9' }, { version: 'v10' }] }];
    const { text } = await ask({ 'container.image.query_registry': odd }, 'list_items', {
      ...{ kind: 'container_image', fields: ['version', 'versions', 'os'] },
    });
    expect(text).toContain('odd   -        v9, v10   -');
  });
});

describe('a key that only reads, before 28', () => {
  const bench = useTools({ release: '27.0', roles: ['READONLY_ADMIN'] });

  test('is told that the registry takes another role, which no set-up asks for', async () => {
    expect(await bench.ask('list_items', { kind: 'container_image' })).toMatchInlineSnapshot(`
      "Before 28, TrueNAS tells the images for containers only to keys with the role CONTAINER_IMAGE_WRITE, and this one has not.
      What to do: See them in the web interface: Containers, Create New Container. The role grants nothing but this list: give it to the user of this API key if they should be told here."
    `);
    expect(ROLES_TO_READ).not.toContain('CONTAINER_IMAGE_WRITE');
  });
});
