/** Scripts, tunables and tasks before a move. */
import { field, type Fields, objectOf, type RowOf } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { leavesCore, type UpgradePath } from '../upgrade-steps.ts';
import { goneCalls } from './api-words.ts';
import { LEAVES_CORE, type MigrationCheck, migrationCheck, named, type When, words } from './check.ts';
import { freebsdWords } from './freebsd-words.ts';

const tunables = migrationCheck(
  { part: 'tasks', title: 'tunables', uses: ['tunable.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { var: field.text, type: field.text, enabled: field.flag };
    for (const { var: name, type, enabled } of await rowsFrom(nas, 'tunable.query', shape))
      when('tunables', named(name), [enabled], words(type?.toLowerCase()));
  },
);

const SCRIPT = {
  id: field.number,
  comment: field.text,
  command: field.text,
  script: field.text,
  script_text: field.text,
  when: field.text,
  enabled: field.flag,
};

const scripts = migrationCheck(
  { part: 'tasks', title: 'init and shutdown scripts', uses: ['initshutdownscript.query'] },
  async (nas, when, path) => {
    for (const row of await rowsFrom(nas, 'initshutdownscript.query', SCRIPT)) {
      const told = [row.command, row.script, row.script_text];
      const text = told.join('\n');
      const about =
        row.comment === null || row.comment === '' ? `script ${row.id ?? '?'}` : named(row.comment);
      const evidence = words(row.when?.toLowerCase(), ...freebsdWords(text));
      when('init_scripts', about, [leavesCore(path), row.enabled], evidence);
      const command = told.some((each) => each !== null) ? text : null;
      judgeCalls(when, path, { about, command, enabled: row.enabled });
    }
  },
);

/** A task with the command that it runs; null where it cannot be read. */
interface CommandTask {
  readonly about: string;
  readonly command: string | null;
  readonly enabled: boolean | null;
}

/** Judges the commands of the tasks that one query method answers. */
function commandCheck<Shape extends Fields>(
  { title, method, shape }: { readonly title: string; readonly method: string; readonly shape: Shape },
  taskOf: (row: RowOf<Shape>) => CommandTask,
): MigrationCheck {
  return migrationCheck({ part: 'tasks', title, uses: [method] }, async (nas, when, path) => {
    for (const row of await rowsFrom(nas, method, shape)) judgeCommand(when, path, taskOf(row));
  });
}

const CRON_JOB = {
  id: field.number,
  description: field.text,
  command: field.text,
  enabled: field.flag,
};

const cronJobs = commandCheck(
  { title: 'cron jobs', method: 'cronjob.query', shape: CRON_JOB },
  ({ id, description, command, enabled }) => ({
    about: description === null || description === '' ? `cron job ${id ?? '?'}` : named(description),
    ...{ command, enabled },
  }),
);

const CLOUD_SYNC = {
  description: field.text,
  enabled: field.flag,
  pre_script: field.text,
  post_script: field.text,
};

const cloudScripts = commandCheck(
  { title: 'scripts of cloud syncs', method: 'cloudsync.query', shape: CLOUD_SYNC },
  ({ description, enabled, pre_script: before, post_script: after }) => ({
    about: `cloud sync ${named(description)}`,
    command: before === null || after === null ? null : `${before}\n${after}`,
    enabled,
  }),
);

/** Judges a command of FreeBSD, or for an API that is gone. */
function judgeCommand(when: When, path: UpgradePath, task: CommandTask): void {
  const { about, command, enabled } = task;
  const found = command === null ? null : freebsdWords(command);
  const isOld = found === null ? null : found.length > 0;
  when('commands', about, [leavesCore(path), enabled, isOld], words(...(found ?? [])));
  judgeCalls(when, path, task);
}

/** Judges a command that calls an API that is gone. */
function judgeCalls(when: When, path: UpgradePath, { about, command, enabled }: CommandTask): void {
  const calls = command === null ? null : goneCalls(command, path);
  when('api_calls', about, [enabled, calls === null ? null : calls.length > 0], words(...(calls ?? [])));
}

const ups = migrationCheck(
  { part: 'tasks', title: 'shutdown by the UPS', uses: ['ups.config'], ...LEAVES_CORE },
  async (nas, when, path) => {
    const { shutdowncmd } = objectOf(await nas.call('ups.config', []), { shutdowncmd: field.unknown });
    // Null is the command of the release itself.
    const command = shutdowncmd === null ? '' : field.text(shutdowncmd);
    judgeCommand(when, path, { about: 'shutdown by the UPS', command, enabled: true });
  },
);

const REPLICATION = {
  name: field.text,
  direction: field.text,
  transport: field.text,
  enabled: field.flag,
  encryption: field.flag,
  encryption_inherit: field.unknown,
};

const replications = migrationCheck(
  { part: 'tasks', title: 'replication', uses: ['replication.query'] },
  async (nas, when, { to }) => {
    for (const row of await rowsFrom(nas, 'replication.query', REPLICATION)) {
      const { name, direction, transport, enabled, encryption } = row;
      // CORE has no such field, and inherits no key.
      const hasKey = row.encryption_inherit !== true;
      when(
        'replication_keys',
        named(name),
        [to !== undefined, encryption, hasKey],
        words(direction?.toLowerCase()),
      );
      const isOverNet = transport === null ? null : transport !== 'LOCAL';
      const evidence = words(direction?.toLowerCase(), transport);
      when('replication', named(name), [to !== undefined, enabled, isOverNet], evidence);
    }
  },
);

/** Checks of the part `tasks`. */
export const TASK_CHECKS: readonly MigrationCheck[] = [
  tunables,
  scripts,
  cronJobs,
  cloudScripts,
  ups,
  replications,
];
