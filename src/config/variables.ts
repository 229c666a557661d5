/** Looks through the environment for variables that nothing reads. */
import { didYouMean, nearNames } from '../output/near-names.ts';
import { safeCell } from '../output/untrusted.ts';
import type { ConfigSources } from './config.ts';
import { SETTING_ROWS } from './settings.ts';

/** A variable that nothing reads is a slip of its writer, or of a newer version; its value may be a key and is not shown. */
export function unknownVariables(env: ConfigSources['env']): string[] {
  const known = SETTING_ROWS.flatMap(([, row]) => row.env ?? []);
  return (
    Object.keys(env)
      .filter((name) => /^TRUENAS_/i.test(name) && env[name] !== '')
      // On Windows a variable is read in whatever case it was written.
      .filter((name) => !(known.includes(name.toUpperCase()) && env[name.toUpperCase()] === env[name]))
      .map((name) => {
        const meant = didYouMean(nearNames(name, known, 1));
        return `${safeCell(name)} is not a setting of this version${meant === undefined ? '' : `; ${meant}`}`;
      })
  );
}
