/** Paths that others get to see. */
import { cutsOffClients, exposes, type Finding, opensData } from '../finding.ts';
import { found, isUnchanged, type Looked, NOTHING, odd, type Rule } from '../rule.ts';

/** True for a path below /mnt that is written plainly: no `..`, no doubled slash, nothing invisible. */
export function isPlainPath(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= 1024 &&
    /^\/mnt(?:\/(?!\.{1,2}(?:\/|$))[^/\p{C}]+)+\/?$/u.test(value) &&
    !/^\/mnt\/\.(?:\/|$)/.test(value)
  );
}

/** A path of pool data below which the NAS keeps its own things. */
export function isSystemPath(value: string): boolean {
  return /^\/mnt\/(?:\.ix-apps|[^/]+\/(?:ix-apps|ix-applications|\.system|\.ix-virt))(?:\/|$)/.test(value);
}

/** The path that a share shows. */
export function sharedPathRule({ besides = [] }: { besides?: readonly string[] } = {}): Rule {
  return {
    worst: 'destroys',
    judge(looked) {
      const { value, before } = looked;
      if (isUnchanged(looked)) return [];
      const isKnown = typeof value === 'string' && besides.includes(value);
      if (!isKnown && !isPlainPath(value)) return odd(looked, 'destroys');
      if (!isKnown && isSystemPath(String(value)))
        return found(looked, exposes('the share shows what the NAS keeps for itself'));
      return [...placeFindings(looked), ...(before === NOTHING ? [] : found(looked, moved))];
    },
  };
}

const moved: Finding = cutsOffClients('clients no longer find the data they work with', 'manage');

function placeFindings(looked: Looked): readonly Finding[] {
  return found(looked, opensData('clients reach the data under the path'));
}
