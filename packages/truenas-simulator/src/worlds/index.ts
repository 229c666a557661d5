/** The worlds that a simulated NAS can start from. */
import { BARE } from './bare.ts';
import type { Blueprint } from './blueprint.ts';
import { HOME } from './home.ts';
import { MIXED } from './mixed.ts';
import { OFFICE } from './office.ts';
import { TROUBLE } from './trouble.ts';

/** `mixed` has a bit of everything, healthy and not; the others are one kind of NAS each. */
export const WORLD_NAMES = ['mixed', 'home', 'office', 'trouble', 'bare'] as const;
export type WorldName = (typeof WORLD_NAMES)[number];

const BLUEPRINTS: Readonly<Record<WorldName, Blueprint>> = {
  mixed: MIXED,
  home: HOME,
  office: OFFICE,
  trouble: TROUBLE,
  bare: BARE,
};

/** What a world is made of. */
export function blueprintOf(name: WorldName = 'mixed'): Blueprint {
  return BLUEPRINTS[name];
}
