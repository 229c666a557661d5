/** Network changes on trial: prepared, then in effect, and taken back by themselves unless somebody keeps them. */
import type { NetworkInterface, SystemFacts } from './system.ts';

type Network = Pick<SystemFacts, 'interfaces' | 'runningInterfaces' | 'networkTrial'>;

/** A trial of network changes. */
export interface NetworkTrial {
  /** The interfaces as they were before. */
  readonly original: readonly NetworkInterface[];
  /** When changes that are in effect go again, in milliseconds since the epoch; null before that. */
  revertsAtMs: number | null;
}

/** The trial under way; one whose time is over has been taken back. */
export function trialOf(network: Network, nowMs: number): NetworkTrial | undefined {
  const until = network.networkTrial?.revertsAtMs ?? null;
  if (until !== null && nowMs >= until) revert(network);
  return network.networkTrial;
}

/** Puts back what was there before the trial. */
export function revert(network: Network): void {
  network.interfaces = network.networkTrial?.original ?? network.interfaces;
  delete network.networkTrial;
  delete network.runningInterfaces;
}

/** The interfaces as they run now. */
export function runningInterfaces(network: Network, nowMs: number): readonly NetworkInterface[] {
  trialOf(network, nowMs);
  return network.runningInterfaces ?? network.interfaces;
}
