/** The way to a NAS that a test has at hand. */
import { createAccess, type NasAccess, type OpenNas } from '../../src/access/reader.ts';
import type { Redactor } from '../../src/output/redact/redactor.ts';
import type { ReadClient } from '../../src/truenas/client.ts';
import type { EventSource } from '../../src/truenas/events/event-source.ts';

const NO_EVENTS: EventSource = {
  subscribe: () => Promise.reject(new Error('this test has no events')),
};

/** One NAS, opened by `open` each time it is asked for. */
export function accessTo(
  open: () => Promise<ReadClient | OpenNas>,
  redactor: Pick<Redactor, 'text' | 'value'>,
): NasAccess {
  return createAccess(
    {
      systems: ['nas'],
      async open() {
        const nas = await open();
        return 'read' in nas ? nas : { read: nas, events: NO_EVENTS };
      },
    },
    redactor,
  );
}
