/** Event sources besides `reporting.realtime`: ends of files, logs of containers, loads of apps. */
import * as z from 'zod';
import { CallError, doesNotExist, ERRNO } from '../errors/exceptions.ts';
import type { EventSourceContext, SimEventDefinition } from '../session/events.ts';
import { model, text } from '../schema/schema.ts';
import { placeAt } from '../world/directories.ts';
import { busynessAt } from '../world/metrics.ts';
import { MIB, SECOND_MS } from '../world/units.ts';
import { SINCE_25_10 } from './common.ts';

const interval = z.int().min(2).default(2);

interface FollowedContainer {
  readonly app_name: string;
  readonly container_id: string;
  readonly tail_lines: number | null;
}

export const FOLLOWED_EVENTS: readonly SimEventDefinition[] = [
  {
    name: 'filesystem.file_tail_follow',
    description: 'The last lines of a file, and what is added to it; here no file has any.',
    roles: [],
    args: model('FileFollowTailEventSourceArgs', { path: text(), tail_lines: z.int().default(3) }),
    start(context: EventSourceContext, { path }: { path: string }) {
      if (placeAt(context.world.datasets, path) === null) context.end();
      else context.emit({ data: '' });
      return () => undefined;
    },
  },
  {
    name: 'app.container_log_follow',
    description: 'The last lines that a container of an app wrote, and what it writes from then on.',
    roles: ['APPS_READ'],
    args: model('AppContainerLogsFollowTailEventSourceArgs', {
      tail_lines: z.int().min(1).nullable().default(500),
      app_name: text(),
      container_id: text(),
    }),
    start: followContainer,
  },
  {
    name: 'app.stats',
    description: 'Processor, memory, network and disk use of the apps, every few seconds.',
    releases: SINCE_25_10,
    roles: ['APPS_READ'],
    args: model('AppStatsEventSourceArgs', { interval }),
    start(context: EventSourceContext, args: { interval: number }) {
      if (context.world.workloads.docker !== 'RUNNING') throw new CallError('Apps are not available');
      const send = (): void => context.emit(appStats(context));
      const timer = setInterval(send, args.interval * SECOND_MS);
      return () => clearInterval(timer);
    },
  },
];

/** A container that started and has had nothing to say since. */
function followContainer(context: EventSourceContext, args: FollowedContainer): () => void {
  const { world, now } = context;
  const app = world.workloads.apps.find(({ name }) => name === args.app_name);
  if (app === undefined) throw doesNotExist('App', args.app_name);
  if (app.state === 'STOPPED') {
    throw new CallError(`Unable to retrieve logs of stopped '${app.name}' app`);
  }
  if (app.containerId !== args.container_id) {
    throw new CallError(`Container "${args.container_id}" not found in app "${app.name}"`, ERRNO.ENOENT);
  }
  const started = new Date(Math.max(world.system.bootedMs, now() - 86_400_000)).toISOString();
  context.emit({ data: `${app.name} ${app.humanVersion} started\n`, timestamp: started });
  return () => undefined;
}

function appStats({ world, now }: EventSourceContext): unknown[] {
  const ms = now();
  return world.workloads.apps
    .filter(({ state }) => state === 'RUNNING')
    .map(({ name }, index) => {
      const share = busynessAt(world, ms + index * SECOND_MS);
      return {
        app_name: name,
        cpu_usage: Math.round(share * 30),
        memory: Math.round((200 + share * 400) * MIB),
        networks: [
          {
            interface_name: 'eth0',
            rx_bytes: Math.round(share * 40_000),
            tx_bytes: Math.round(share * 25_000),
          },
        ],
        blkio: { read: Math.round(share * 2) * MIB, write: Math.round(share) * MIB },
      };
    });
}
