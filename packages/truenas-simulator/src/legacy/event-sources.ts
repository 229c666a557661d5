/** Event sources of the older releases that newer ones have otherwise or not at all. */
import type { EventSourceContext, SimEventDefinition } from '../session/events.ts';
import { isCore, type LegacyRelease } from '../releases.ts';
import { sendCoreRealtime } from './realtime.ts';

/** A source with the releases that have it; it takes its argument as text. */
export interface LegacyEventSource extends SimEventDefinition {
  isOn(legacy: LegacyRelease | null): boolean;
}

/** How often a followed file is looked at. */
const LOOK_MS = 500;

/** Their own. */
export const LEGACY_EVENTS: readonly LegacyEventSource[] = [
  {
    name: 'reporting.realtime',
    description: 'Load of processors, memory, disks and interfaces, every two seconds.',
    roles: [],
    isOn: isCore,
    start: (context: EventSourceContext) => sendCoreRealtime(context),
  },
  {
    name: 'filesystem.file_tail_follow',
    description: 'The end of a file, and what is added to it.',
    roles: [],
    isOn: (legacy) => legacy !== null,
    start(context: EventSourceContext, argument: never) {
      const { world } = context;
      const path = String(argument).replace(/:\d+$/, '');
      const log = world.legacy?.logFiles.get(path);
      if (log === undefined) {
        context.end();
        return () => undefined;
      }
      let told = log.lines.length;
      context.emit({ data: log.lines.map((line) => `${line}\n`).join('') });
      const timer = setInterval(() => {
        const more = log.lines.slice(told);
        told = log.lines.length;
        if (more.length > 0) context.emit({ data: more.map((line) => `${line}\n`).join('') });
      }, LOOK_MS);
      return () => clearInterval(timer);
    },
  },
];
