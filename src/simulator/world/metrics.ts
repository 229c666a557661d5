/** Measurements over time: pure functions of seed and moment, so that any range can be asked for, twice alike. */
import { noise } from './random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './units.ts';
import type { World } from './world.ts';

/** Smooth noise in [0, 1): interpolated between points `stepMs` apart. */
export function wander(key: string, ms: number, stepMs: number): number {
  const position = ms / stepMs;
  const left = Math.floor(position);
  const share = position - left;
  const ease = share * share * (3 - 2 * share);
  return noise(key, left) * (1 - ease) + noise(key, left + 1) * ease;
}

/** How busy the machine is, 0 to 1: calm nights, busy evenings, short peaks. */
export function busynessAt(world: World, ms: number): number {
  const day = 0.5 + 0.5 * Math.sin(((ms % DAY_MS) / DAY_MS) * 2 * Math.PI - 2.2);
  const slow = wander(`${String(world.seed)}/busy`, ms, HOUR_MS);
  const peak = wander(`${String(world.seed)}/peak`, ms, 4 * MINUTE_MS) ** 6;
  return Math.min(1, 0.04 + 0.18 * day + 0.22 * slow + 0.45 * peak);
}

/** Load average over this many minutes. */
export function loadAt(world: World, ms: number, minutes: number): number {
  const samples = [0, 1, 2, 3].map((index) => busynessAt(world, ms - (index * minutes * MINUTE_MS) / 4));
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  return Math.round(mean * world.system.cores * 0.6 * 100) / 100;
}
