/** `cronjob.*`: commands run on a schedule. */
import * as z from 'zod';
import { doesNotExist, ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { text } from '../schema/schema.ts';
import type { Task } from '../world/tasks.ts';
import { refuse } from './common.ts';
import { crud, optional, required } from './crud.ts';
import { HOURLY, scheduleModel } from './schedule.ts';

const schedule = scheduleModel('CronJobSchedule');

export const CRON_METHODS: readonly SimMethod[] = [
  ...crud<Task>({
    namespace: 'cronjob',
    entity: 'CronJob',
    what: 'commands run on a schedule',
    roles: ['SYSTEM_CRON_READ'],
    writeRoles: ['SYSTEM_CRON_WRITE'],
    attribute: 'cron_job',
    fields: {
      enabled: optional(z.boolean(), true),
      stderr: optional(z.boolean(), false),
      stdout: optional(z.boolean(), true),
      schedule: optional(schedule, HOURLY),
      command: required(text()),
      description: optional(text(), ''),
      user: required(text()),
    },
    table: (world) => world.tasks.cronJobs,
    check({ accounts }, { data, problems, at }) {
      if (accounts.userByName(String(data.user)) === undefined) {
        problems.add(`${at}.user`, 'Specified user does not exist');
      }
      return undefined;
    },
  }),
  {
    name: 'cronjob.run',
    description: 'Runs a command now.',
    roles: ['SYSTEM_CRON_WRITE'],
    params: [
      ['id', z.int()],
      ['skip_disabled', z.boolean().default(false)],
    ],
    job: { logs: true, lock: ([id]) => `cron_job_run_${String(id)}`, lockQueueSize: 1 },
    async run({ world, job }: MethodContext, id: number, skipsDisabled: boolean) {
      const task = world.tasks.cronJobs.get(id);
      if (task === undefined) throw doesNotExist('CronJob', id);
      if (skipsDisabled && !task.enabled) refuse('Cron job is disabled', ERRNO.EINVAL);
      job?.progress(10, 'Executing Cron Task');
      await job?.wait(50);
      job?.log(`Executed CronTask - ${String(task.command)}`);
      job?.progress(85, 'Executed Cron Task');
      return null;
    },
  },
];
