/** Every kind of finding: a NAS with the trouble has the finding, one without has it not, and the tool that repairs it does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FINDING_KINDS } from '../../src/findings/catalogue.ts';
import type { ReadClient } from '../../src/truenas/client.ts';
import { type ChangeNas, startChangeNas } from '../changes/support/change-nas.ts';
import { applied, planWith } from '../changes/support/plan-and-apply.ts';
import { ALL_KINDS, ALL_TOOLS } from '../support/registry.ts';
import { NOW_MS, runTool, toolNamed } from '../support/tools.ts';
import { ACCESS_TROUBLES } from './access.ts';
import { ACCOUNT_TROUBLES_MADE } from './accounts.ts';
import { BACKUP_TROUBLES } from './backup.ts';
import { CAPACITY_TROUBLES } from './capacity.ts';
import { EXPOSURE_TROUBLES } from './exposure.ts';
import { REBOOT_TROUBLES } from './reboot.ts';
import { RECENT_TROUBLES } from './recent.ts';
import { SCHEDULE_TROUBLES } from './schedule.ts';
import { DIAGNOSE_TROUBLES } from './diagnose.ts';
import { MIGRATION_TROUBLES_LISTED } from './migration.ts';
import { SPACE_TROUBLES } from './space.ts';
import { answering, type Trouble } from './trouble.ts';
import { UPGRADE_TROUBLES_MADE } from './upgrade.ts';

const TROUBLES: readonly Trouble[] = [
  ...ACCESS_TROUBLES,
  ...ACCOUNT_TROUBLES_MADE,
  ...BACKUP_TROUBLES,
  ...CAPACITY_TROUBLES,
  ...EXPOSURE_TROUBLES,
  ...REBOOT_TROUBLES,
  ...RECENT_TROUBLES,
  ...SCHEDULE_TROUBLES,
  ...DIAGNOSE_TROUBLES,
  ...SPACE_TROUBLES,
  ...UPGRADE_TROUBLES_MADE,
  ...MIGRATION_TROUBLES_LISTED,
];

/** Kinds that no change tool removes on a simulated NAS though one is named, each with the reason. */
const NOT_REPAIRED_HERE: Readonly<Record<string, string>> = {
  'backup.failed': 'the task fails in answers alone',
  'exposure.ftp_anonymous': 'FTP is anonymous in answers alone',
  'backup.stale': 'the task is stale in answers alone',
  'replication.never_ran': 'the task has never run in answers alone',
  'replication.stale': 'the task is stale in answers alone',
  'task.never_ran': 'the task has never run in answers alone',
  'task.stale': 'the task is stale in answers alone',
};

test('every kind of finding has a NAS that has it, and says what it means', () => {
  expect(TROUBLES.map(({ id }) => id).toSorted()).toEqual(FINDING_KINDS.map(({ id }) => id).toSorted());
  const mute = FINDING_KINDS.filter(
    ({ means, what, repairedBy, seeAlso }) =>
      means === '' || what === '' || (repairedBy === undefined && seeAlso === undefined),
  );
  expect(mute.map(({ id }) => id)).toEqual([]);
});

test('a kind of finding names no kind of things that does not exist', () => {
  const kinds = new Set(ALL_KINDS.map(({ name }) => name));
  const named = FINDING_KINDS.flatMap(({ id, seeAlso = '' }) =>
    [...seeAlso.matchAll(/"kind":"(\w+)"/gu)].map(([, kind = '']) => [id, kind] as const),
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter(([, kind]) => !kinds.has(kind))).toEqual([]);
});

test('a kind of finding names no tool that does not exist', () => {
  const tools = new Set(ALL_TOOLS.map(({ name }) => name));
  const named = FINDING_KINDS.flatMap(({ id, repairedBy, seeAlso = '' }) =>
    [
      ...(repairedBy === undefined ? [] : [repairedBy]),
      ...(seeAlso
        .replaceAll(/"kind":"\w+"|(?<=get_metrics) of \w+/gu, '')
        .match(/\b[a-z]+(?:_[a-z]+)+\b/gu) ?? []),
    ].map((tool) => [id, tool] as const),
  );
  expect(named.filter(([, tool]) => !tools.has(tool))).toEqual([]);
});

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const here = TROUBLES.filter(({ on }) => on === undefined || on.includes(release));
  let nas: ChangeNas;
  beforeAll(async () => {
    nas = await startChangeNas({
      simulator: { release, now: () => NOW_MS },
      hasWriter: true,
      now: () => NOW_MS,
    });
  });
  afterAll(() => nas.close());

  const found = async (client: ReadClient, { tool }: Trouble, args: Trouble['args']): Promise<string[]> => {
    const { data } = await runTool(client, toolNamed(tool), args);
    return data.findings.map(({ id }: { id: string }) => id);
  };

  test.each(here.filter(({ make }) => make === undefined).map((trouble) => [trouble.id, trouble] as const))(
    '%s is found where it is, and nowhere else',
    async (id, trouble) => {
      expect(await found(answering(nas.nas.read, trouble), trouble, trouble.args)).toContain(id);
      const { answers: _, ...healthy } = trouble;
      const without = trouble.without ?? trouble.args;
      expect(await found(answering(nas.nas.read, healthy), trouble, without)).not.toContain(id);
    },
  );

  test.each(here.filter(({ make }) => make !== undefined).map((trouble) => [trouble.id, trouble] as const))(
    '%s is found once it is there',
    async (id, trouble) => {
      const own = await startChangeNas({
        simulator: { release, now: () => NOW_MS },
        hasWriter: true,
        now: () => NOW_MS,
      });
      const before = await found(own.nas.read, trouble, trouble.without ?? trouble.args);
      await trouble.make?.(own);
      const after = await found(own.nas.read, trouble, trouble.args);
      await own.close();
      expect({ before: before.includes(id), after: after.includes(id) }).toEqual({
        before: false,
        after: true,
      });
    },
  );

  const repairable = here.filter(
    ({ id }) =>
      FINDING_KINDS.some((kind) => kind.id === id && kind.repairedBy !== undefined) &&
      !(id in NOT_REPAIRED_HERE),
  );
  test.each(repairable.map((trouble) => [trouble.id, trouble] as const))(
    '%s is gone after the tool that repairs it',
    async (id, trouble) => {
      const own = await startChangeNas({
        simulator: { release, now: () => NOW_MS },
        hasWriter: true,
        now: () => NOW_MS,
      });
      await trouble.make?.(own);
      const { text } = await runTool(own.nas.read, toolNamed(trouble.tool), trouble.args);
      const call = new RegExp(
        String.raw`\[${id.replace('.', String.raw`\.`)}\].* → (\w+) (\{.*\})$`,
        'mu',
      ).exec(text);
      const plan = await planWith(own, call?.[1] ?? '', JSON.parse(call?.[2] ?? '{}'));
      const { outcome } = await applied(own, plan);
      const after = await found(own.nas.read, trouble, trouble.args);
      await own.close();
      expect([outcome.kind, after.includes(id)]).toEqual(['applied', false]);
    },
  );
});
