/** Properties of ZFS that a dataset may inherit. */
import { type Finding, higherRisk, loses, mayExecute, opensData, type Risk, shownName } from '../finding.ts';
import { found, isRecord, isUnchanged, NOTHING, odd, propertyForms, type Rule, UNREAD } from '../rule.ts';
import { custom, mapOf, setting } from '../rules.ts';

/**
 * One of the known values, or INHERIT. Nobody read what the parent has, so INHERIT counts as the worst value, unless the
 * property is inherited already or the dataset is new.
 */
export function inheritable(values: Readonly<Record<string, Finding | undefined>>): Rule {
  const findings = Object.values(values).flatMap((finding) => finding ?? []);
  const worst = findings.reduce<Risk>((risk, finding) => higherRisk(risk, finding.risk), 'configuration');
  return {
    worst,
    judge(looked) {
      const { value, before } = looked;
      if (value === null || isUnchanged(looked)) return [];
      if (value === 'INHERIT') {
        if (before === NOTHING || isInherited(before)) return [];
        return findings.flatMap((finding) =>
          found(looked, { ...finding, reason: `the parent may have a value by which ${finding.reason}` }),
        );
      }
      if (typeof value !== 'string' || !Object.hasOwn(values, value)) return odd(looked, worst);
      const finding = values[value];
      if (finding === undefined || propertyForms(before).some((form) => isSameWord(form, value))) return [];
      return found(looked, finding);
    },
  };
}

function isInherited(before: unknown): boolean {
  return isRecord(before) && (before['source'] === 'INHERITED' || before['source'] === 'DEFAULT');
}

function isSameWord(form: unknown, value: string): boolean {
  return typeof form === 'string' && form.toUpperCase() === value;
}

/** Whether `.zfs` can be entered; of two values that both let it be, the other only hides its name. */
export const snapshotFolder: Rule = custom(
  'destroys',
  (value) =>
    value === null ||
    (typeof value === 'string' && ['DISABLED', 'HIDDEN', 'VISIBLE', 'INHERIT'].includes(value)),
  (looked) => {
    const { value, before } = looked;
    if (value === null || before === NOTHING || isUnchanged(looked)) return [];
    if (value === 'DISABLED')
      return found(looked, loses('users no longer get at earlier versions of their files'));
    const couldEnter = propertyForms(before).some(
      (form) => isSameWord(form, 'HIDDEN') || isSameWord(form, 'VISIBLE'),
    );
    if (couldEnter && value !== 'INHERIT') return [];
    return found(looked, opensData('users get at the snapshots of the dataset'));
  },
);

/** Native properties by which a clone gains nothing but settings. */
const PLAIN = new Set(
  `atime compression copies primarycache quota recordsize refquota refreservation relatime reservation secondarycache
  volblocksize volsize xattr logbias dnodesize canmount readonly`.split(/\s+/),
);

/** Properties set by their native names, in any number: those that nobody judged may hold a mount point or a share. */
export const nativeProperties: Rule = {
  ...mapOf(setting),
  worst: 'executes',
  judge(looked) {
    const { value } = looked;
    if (value === null) return [];
    if (!isRecord(value)) return odd(looked, 'executes');
    return Object.entries(value).flatMap(([name, inner]) => {
      const isUserProperty = /^[a-z0-9_.-]+:[a-z0-9_.:-]+$/.test(name);
      if (!PLAIN.has(name) && !isUserProperty)
        return [mayExecute(`nobody judged what the ZFS property ${shownName(name)} does here`)];
      return setting.judge({ ...looked, value: inner, name, before: UNREAD });
    });
  },
};
