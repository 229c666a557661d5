/** User properties: their names hold a colon, else they would be native properties such as `mountpoint`. */
import { executes, type Finding, loses } from '../finding.ts';
import { found, isRecord, odd, type Rule } from '../rule.ts';
import { each, fields, setting, text } from '../rules.ts';

/** One property that is set: `{key, value}`. */
export const userProperty: Rule = namedProperty(fields({ key: setting, value: text }));

/** One property that is set or removed: `{key, value, remove}`. */
export const userPropertyUpdate: Rule = namedProperty(
  fields({ ...each('key remove', setting), value: text }),
);

function namedProperty(form: Rule): Rule {
  return {
    ...form,
    worst: 'executes',
    judge(looked) {
      const { value } = looked;
      if (!isRecord(value)) return odd(looked, 'executes');
      return [
        ...form.judge(looked),
        ...nameFindings(value['key']).flatMap((finding) => found(looked, finding)),
      ];
    },
  };
}

/** The name of a property that is removed. */
export const userPropertyName: Rule = {
  worst: 'executes',
  judge: (looked) =>
    typeof looked.value === 'string'
      ? nameFindings(looked.value).flatMap((finding) => found(looked, finding))
      : odd(looked, 'executes'),
};

function nameFindings(name: unknown): readonly Finding[] {
  if (typeof name !== 'string' || !/^[a-z0-9_.-]+:[a-z0-9_.:-]*$/.test(name))
    return [executes('the name of a user property has no colon, so it may be one of ZFS itself')];
  // The NAS keeps there when a snapshot is to be deleted.
  if (name.includes('destroy_at') || name.includes('retention'))
    return [loses(`"${name}" decides when snapshots are deleted`)];
  return [];
}
