import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

/** Commands and scripts that the NAS runs when it starts or stops. */
export const initScript = defineKind({
  name: 'init_script',
  toolset: 'protection',
  noun: 'init and shutdown scripts',
  about: 'commands that run when the NAS starts or shuts down',
  words: [
    'init script',
    'startup script',
    'shutdown script',
    'boot script',
    'initshutdownscript',
    'postinit',
  ],
  sources: [{ method: 'initshutdownscript.query' }],
  row: { command: field.text, script: field.text },
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'comment', isAlwaysThere: true, isKey: true, sort: 'asc', maxLength: 60 },
    when: { type: 'text', from: 'when', isAlwaysThere: true },
    type: { type: 'text', from: 'type', isAlwaysThere: true },
    // One of the two is there, by type.
    runs: { type: 'text', value: ({ command, script }) => command || script, maxLength: 80 },
    timeout_s: { type: 'number', from: 'timeout', isAlwaysThere: true },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
  },
  named: 'name',
  ids: ['id'],
  examples: [
    { args: {}, why: 'what runs at start and shutdown' },
    { args: { filter: ['when=POSTINIT'] }, why: 'after the start' },
  ],
  getExamples: [
    { args: { id: 'Bound the ARC' }, why: 'by its comment' },
    { args: { id: '77' }, why: 'an id that is none' },
  ],
});
