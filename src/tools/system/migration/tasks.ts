/** Scripts, tunables and tasks before a move. */
import { field } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { LEAVES_CORE, type MigrationCheck, migrationCheck, named, words } from './check.ts';
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
  { part: 'tasks', title: 'init and shutdown scripts', uses: ['initshutdownscript.query'], ...LEAVES_CORE },
  async (nas, when) => {
    for (const row of await rowsFrom(nas, 'initshutdownscript.query', SCRIPT)) {
      const text = [row.command, row.script, row.script_text].join('\n');
      const about =
        row.comment === null || row.comment === '' ? `script ${row.id ?? '?'}` : named(row.comment);
      const found = freebsdWords(text);
      when('init_scripts', about, [row.enabled], words(row.when?.toLowerCase(), ...found));
    }
  },
);

const cronJobs = migrationCheck(
  { part: 'tasks', title: 'cron jobs', uses: ['cronjob.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { id: field.number, description: field.text, command: field.text, enabled: field.flag };
    for (const { id, description, command, enabled } of await rowsFrom(nas, 'cronjob.query', shape)) {
      const found = command === null ? null : freebsdWords(command);
      const about = description === null || description === '' ? `cron job ${id ?? '?'}` : named(description);
      when('cron', about, [enabled, found === null ? null : found.length > 0], words(...(found ?? [])));
    }
  },
);

const REPLICATION = {
  name: field.text,
  direction: field.text,
  transport: field.text,
  enabled: field.flag,
  encryption: field.flag,
};

const replications = migrationCheck(
  { part: 'tasks', title: 'replication', uses: ['replication.query'] },
  async (nas, when, { to }) => {
    for (const row of await rowsFrom(nas, 'replication.query', REPLICATION)) {
      const { name, direction, transport, enabled, encryption } = row;
      const isOverNet = transport === null ? null : transport !== 'LOCAL';
      const evidence = words(direction?.toLowerCase(), transport, encryption === true && 'encrypted there');
      when('replication', named(name), [to !== undefined, enabled, isOverNet], evidence);
    }
  },
);

export const TASK_CHECKS: readonly MigrationCheck[] = [tunables, scripts, cronJobs, replications];
