/** A plan is read by an administrator: units, whole words, nothing twice, and nothing that a value of the NAS can imitate. */
import { describe, expect, it } from 'vitest';
import {
  type Change,
  remade,
  resultOf,
  secretOf,
  type State,
  type Target,
} from '../../src/changes/change.ts';
import { diffLines } from '../../src/changes/diff.ts';
import { paramsText } from '../../src/changes/references.ts';

function target(before: Target['before'], after: Target['after'], more: Partial<Target> = {}): Target {
  return {
    name: 'dataset tank/a',
    changedBy: 0,
    read: { method: 'pool.dataset.query', params: [] },
    identity: [],
    before,
    after,
    ...more,
  };
}

const call = (purpose: string) => ({ method: 'pool.snapshot.delete', params: [], purpose });

function diff(targets: readonly Target[], calls: Change['calls'] = [call('change it')]): string[] {
  return diffLines({ targets, calls });
}

const field = (path: string, before: unknown, after: unknown): string[] =>
  diff([target({ [path]: before }, { [path]: after })]);

describe('the diff shows', () => {
  it.each([
    ['quota.parsed', null, 43_980_465_111_040, 'quota none -> 40 TiB (43980465111040 bytes)'],
    [
      'usedbydataset.rawvalue',
      '512',
      '214748364800',
      'usedbydataset 512 bytes -> 200 GiB (214748364800 bytes)',
    ],
    ['volsize.parsed', 0, 1024, 'volsize 0 bytes -> 1 KiB (1024 bytes)'],
    ['mode', 0o100755, 0o42770, 'mode 755 -> 2770'],
    ['user_properties.comments.value', '', 'films', 'comments "" -> films'],
    ['origin.rawvalue', 'tank/a@b', '', 'origin tank/a@b -> none'],
    ['properties.userrefs.rawvalue', '0', '1', 'userrefs 0 -> 1'],
    ['topology.data.0.children.1.status', 'ONLINE', 'OFFLINE', 'status ONLINE -> OFFLINE'],
    ['state.state', 'RUNNING', 'STOPPED', 'state RUNNING -> STOPPED'],
    // A number that is no size is none, whatever it looks like.
    ['guid.rawvalue', '1310258282700053073', '7', 'guid 1310258282700053073 -> 7'],
    ['copies.parsed', 1, 2048, 'copies 1 -> 2048'],
    [
      'schedule',
      { minute: '0', hour: '0', dom: '*', month: '*', dow: '*', begin: '00:00', end: '23:59' },
      { minute: '0', hour: '3', dom: '*', month: '*', dow: '*', begin: '08:00', end: '20:00' },
      'schedule 0 0 * * * -> 0 3 * * * from 08:00 to 20:00',
    ],
  ])('%s in words', (path, before, after, line) => {
    expect(field(path, before, after)).toEqual([`dataset tank/a: ${line}`]);
  });

  it('a property of ZFS with where it comes from in one line', () => {
    const state = (value: string, source: string): State => ({ 'sync.value': value, 'sync.source': source });
    expect(diff([target(state('STANDARD', 'DEFAULT'), state('DISABLED', 'LOCAL'))])).toEqual([
      'dataset tank/a: sync STANDARD (default) -> DISABLED (local)',
    ]);
    // The value is the same, and yet it no longer follows its parent.
    expect(diff([target(state('STANDARD', 'INHERITED'), state('STANDARD', 'LOCAL'))])).toEqual([
      'dataset tank/a: sync STANDARD (inherited) -> STANDARD (local)',
    ]);
    expect(diff([target(state('ALWAYS', 'LOCAL'), state('ALWAYS', 'LOCAL'))])).toEqual([
      'dataset tank/a: sync stays ALWAYS (local)',
    ]);
  });

  it('an access list by the entries that come and go, and not by their places', () => {
    const entry = (index: number, tag: string, write: boolean): State => ({
      [`acl.${index}.tag`]: tag,
      [`acl.${index}.perms`]: { READ: true, WRITE: write },
    });
    const before = { ...entry(0, 'OWNER', true), ...entry(1, 'OTHER', false) };
    const after = { ...entry(0, 'OWNER', true), ...entry(1, 'USER', true), ...entry(2, 'OTHER', false) };
    const lines = diff([target(before, after, { identity: Object.keys(before) })]);
    expect(lines).toEqual([
      'dataset tank/a: acl gets tag USER perms READ,WRITE',
      'dataset tank/a: acl: 2 of 2 entries stay',
    ]);
    const gone = { 'acl.1.tag': null, 'acl.1.perms': null };
    expect(diff([target(before, gone)])).toEqual([
      'dataset tank/a: acl loses tag OTHER perms READ',
      'dataset tank/a: acl: 1 of 2 entries stay',
    ]);
    const turned = { ...entry(0, 'OTHER', false), ...entry(1, 'OWNER', true) };
    expect(diff([target(before, turned)])).toEqual([
      'dataset tank/a: acl: the same entries in another order',
    ]);
  });

  it('nothing of what only has to stay, and of identifiers that are new only that they are', () => {
    expect(diff([target({ guid: '1' }, 'present')])).toEqual([]);
    expect(
      diff([
        target({ boot_id: 'a8023ad7-ef1d-4141-980a-60c393bcd4d4', job: 6 }, 'present', {
          renewed: ['boot_id', 'job'],
        }),
      ]),
    ).toEqual(['dataset tank/a: boot_id renewed', 'dataset tank/a: job 6 -> another one']);
  });

  it('many things that calls delete by name once, and those that no call names each', () => {
    const names = ['snapshot tank/a@1', 'snapshot tank/a@2', 'snapshot tank/a@3'];
    const gone = names.map((name, changedBy) => target({ guid: '1' }, 'absent', { name, changedBy }));
    const [first = call(''), ...others] = names.map((name) => call(`delete the ${name}`));
    expect(diff(gone, [first, ...others])).toEqual(['3 snapshots, each named above: exist -> gone']);
    const byOneCall = gone.map((each) => ({ ...each, changedBy: 0 }));
    expect(diff(byOneCall, [call('delete the snapshots of tank/a')])).toEqual(
      names.map((name) => `${name}: exists -> gone`),
    );
    // `tank/a@1` is not named by a call that deletes `tank/a@11`.
    expect(diff(gone, [call('delete the snapshot tank/a@11'), ...others])).toContain(
      'snapshot tank/a@1: exists -> gone',
    );
  });
});

describe('the parameters of a call', () => {
  it('show what is not known yet without quotes', () => {
    const params = [
      resultOf(0, 'id'),
      { passphrase: secretOf('dataset tank/a') },
      remade('extent x', 'id', 1),
    ];
    expect(paramsText(params)).toBe(
      '[<id of step 1>,{"passphrase":<passphrase of dataset tank/a>},<id of the new extent x>]',
    );
  });

  it('show a value that imitates it as the text that it is', () => {
    const text = paramsText(['<id of step 1>', 'later-0', resultOf(1)]);
    expect(text).toBe('["\\u003cid of step 1>","later-0",<result of step 2>]');
  });
});
