/** Kinds of the toolset `hardware`. */
import type { Kind } from '../kind.ts';
import { enclosureSlot } from './enclosure-slot.ts';
import { failover } from './failover.ts';
import { fcPort } from './fc-port.ts';
import { sensor } from './sensor.ts';

export const KINDS: readonly Kind[] = [enclosureSlot, sensor, fcPort, failover];
