/** Every finding of a move: a NAS that has exactly this trouble has exactly this finding more. */
import { describe, expect, test } from 'vitest';
import type { ReadClient, WireValue } from '../../src/truenas/client.ts';
import { runTool, toolNamed, type ToolBench, useTools } from '../support/tools.ts';
import { MIGRATION_TROUBLES_MADE, type MigrationTroubleMade } from './migration.ts';

const RELEASES = ['core-13.0', 'core-13.3', '24.10', '25.04', '25.10'] as const;

/** What a bare machine has of what the rows below replace: then it has nothing of it. */
const EMPTY = new Set([
  ...['api_key.query', 'disk.query', 'initshutdownscript.query', 'cronjob.query'],
  ...['sharing.nfs.query', 'sharing.smb.query', 'vm.query', 'virt.instance.query', 'replication.query'],
]);

/** The machine without the trouble: nothing in the lists of which the trouble is one row. */
function without(nas: ReadClient): ReadClient {
  return {
    ...nas,
    origin: undefined,
    call: async (method, params, options) => {
      if (method === 'pool.is_upgraded') return true;
      const answer = await nas.call(method, params, options);
      if (method === 'user.query') return Array.isArray(answer) ? answer.filter(isRoot) : answer;
      return EMPTY.has(method) && Array.isArray(answer) ? [] : answer;
    },
  };
}

/** Only the question for root asks whether somebody is locked. */
function isRoot(row: WireValue): boolean {
  return row !== null && typeof row === 'object' && 'locked' in row;
}

function having(nas: ReadClient, { answers, version }: MigrationTroubleMade): ReadClient {
  const family = version?.includes('13.0') === true ? '13.0' : undefined;
  return {
    ...nas,
    ...(version === undefined || family === undefined ? {} : { release: async () => ({ family, version }) }),
    origin: undefined,
    call: async (method, params, options) => {
      const answer = await nas.call(method, params, options);
      return answers === undefined ? answer : answers(method, answer);
    },
  };
}

async function found(nas: ReadClient, target: string | undefined) {
  const args = target === undefined ? {} : { target };
  const { data } = await runTool(nas, toolNamed('migration_check'), args);
  return (data.findings as { id: string; about: string[] }[]).flatMap(({ id, about }) =>
    about.map((each) => `${id} ${each}`),
  );
}

describe.each(RELEASES)('on %s', (release) => {
  const bench: ToolBench = useTools({ release, world: 'bare' });
  const here = MIGRATION_TROUBLES_MADE.filter((trouble) => trouble.release === release);

  test.each(here.map((trouble) => [trouble.id, trouble] as const))(
    'migration.%s is found where it is, and nothing else with it',
    async (id, trouble) => {
      const bare = without(bench.nas);
      const before = new Set(await found(bare, trouble.target));
      const after = await found(having(bare, trouble), trouble.target);
      const more = new Set(after.filter((each) => !before.has(each)).map((each) => each.split(' ')[0]));
      expect(Array.from(more).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(
        [id, ...(trouble.with ?? [])].map((each) => `migration.${each}`).toSorted(),
      );
    },
  );
});
