/** `initshutdownscript.*`: commands and scripts that run when the NAS starts or stops. */
import * as z from 'zod';
import type { SimMethod } from '../calls/method.ts';
import { text } from '../schema/schema.ts';
import type { Task } from '../world/tasks.ts';
import { type Check, crud, type Data, optional, required } from './crud.ts';

export const INIT_SHUTDOWN_SCRIPT_METHODS: readonly SimMethod[] = crud<Task>({
  namespace: 'initshutdownscript',
  entity: 'InitShutdownScript',
  what: 'commands that run when the NAS starts or stops',
  roles: ['SYSTEM_CRON_READ'],
  writeRoles: ['SYSTEM_CRON_WRITE'],
  attribute: 'init_shutdown_script',
  fields: {
    type: required(z.enum(['COMMAND', 'SCRIPT'])),
    command: optional(text().nullable(), ''),
    script: optional(text().nullable(), ''),
    when: required(z.enum(['PREINIT', 'POSTINIT', 'SHUTDOWN'])),
    enabled: optional(z.boolean(), true),
    timeout: optional(z.int(), 10),
    comment: optional(text({ max: 255 }), ''),
  },
  table: (world) => world.tasks.initScripts,
  check,
});

/** Of command and script only the one of its type is kept. */
function check(_context: unknown, { data, problems, at }: Check<Task>): Data {
  const own = data.type === 'COMMAND' ? 'command' : 'script';
  if (data[own] === '' || data[own] === null || data[own] === undefined) {
    problems.add(`${at}.${own}`, 'This field is required');
  }
  return { ...data, [own === 'command' ? 'script' : 'command']: '' };
}
