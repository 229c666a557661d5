/** The words in which the tables are written: each makes a rule for one kind of argument. */
import { isNested } from '../survey.ts';
import { type Finding, higherRisk, mayExecute, type Risk, shownName } from './finding.ts';
import {
  fieldOf,
  found,
  isRecord,
  isSame,
  isUnchanged,
  lineFindings,
  type Looked,
  NOTHING,
  odd,
  propertyForms,
  type Rule,
  UNREAD,
} from './rule.ts';

/** Names what the call is about: an id, a name, a label. */
export const identity: Rule = {
  worst: 'reversible',
  judge(looked) {
    const { value } = looked;
    if (typeof value === 'string' || Number.isSafeInteger(value)) return [];
    return odd(looked, 'reversible');
  },
};

/** A plain setting: a text, number, switch or nothing. */
export const setting: Rule = {
  worst: 'configuration',
  judge: (looked) => (isPlain(looked.value) ? [] : odd(looked, 'configuration')),
};

/** A text of several lines, which the NAS keeps as it is: all other settings have one line. */
export const text: Rule = { ...setting, isText: true };

/** A text, a number, a switch or nothing. */
function isPlain(value: unknown): boolean {
  return !isNested(value) && (typeof value !== 'number' || Number.isFinite(value));
}

/** A switch: what turning it on or off means, when it changes. */
export function flag({ on, off }: { on?: Finding; off?: Finding }): Rule {
  const worst = worstOf([on, off]);
  return {
    worst,
    judge(looked) {
      const { value } = looked;
      if (value === null || isUnchanged(looked)) return [];
      if (typeof value !== 'boolean') return odd(looked, worst);
      const finding = value ? on : off;
      return finding === undefined ? [] : found(looked, finding);
    },
  };
}

/** One of the values that are known; `undefined` is a harmless one. Any other text counts as the worst. */
export function choice(values: Readonly<Record<string, Finding | undefined>>): Rule {
  const worst = worstOf(Object.values(values));
  return {
    worst,
    judge(looked) {
      const { value } = looked;
      if (value === null || isUnchanged(looked)) return [];
      if (typeof value !== 'string' || !Object.hasOwn(values, value)) return odd(looked, worst);
      const finding = values[value];
      return finding === undefined ? [] : found(looked, finding);
    },
  };
}

/** A text or number that means something once it is given and changed; nothing, `''` and `null` mean `cleared`. */
export function given(finding: Finding, { cleared }: { cleared?: Finding } = {}): Rule {
  const worst = worstOf([finding, cleared]);
  return {
    worst,
    judge(looked) {
      const { value } = looked;
      if (isUnchanged(looked)) return [];
      if (!isPlain(value)) return odd(looked, worst);
      if (value === null || value === '') return cleared === undefined ? [] : found(looked, cleared);
      return found(looked, finding);
    },
  };
}

/** A value of any form, judged as one: empty ones mean nothing, all others the finding. */
export function whole(finding: Finding): Rule {
  return {
    worst: finding.risk,
    isWhole: true,
    judge(looked) {
      const { value } = looked;
      if (value === null || value === '' || value === false || isUnchanged(looked)) return [];
      if (isNested(value) && Object.keys(value).length === 0) return [];
      return found(looked, finding);
    },
  };
}

/** Any value at all, also an empty one and one that is the same as before. */
export function always(finding: Finding): Rule {
  return { worst: finding.risk, isWhole: true, judge: (looked) => found(looked, finding) };
}

/** A whole number that means something when it becomes smaller or greater than it was. */
export function amount({ less, more }: { less?: Finding; more?: Finding }): Rule {
  const worst = worstOf([less, more]);
  return {
    worst,
    judge(looked) {
      const { value } = looked;
      const before = numberOf(looked.before);
      if (isUnchanged(looked)) return [];
      const findings = [less, more].flatMap((finding) => (finding === undefined ? [] : [finding]));
      // `null` is often "no limit", and a state that was not read may have been any number.
      if (value === null || before === undefined)
        return findings.flatMap((finding) => found(looked, finding));
      if (typeof value !== 'number' || !Number.isFinite(value)) return odd(looked, worst);
      const finding = value < before ? less : more;
      return finding === undefined ? [] : found(looked, finding);
    },
  };
}

/** A number as the NAS gives it, also as a property of ZFS. */
function numberOf(before: unknown): number | undefined {
  return [before, ...propertyForms(before)].find((form) => typeof form === 'number');
}

/** A list that says who may: what new entries, entries taken out, and an empty list mean. */
export function members({
  added,
  removed,
  empty,
}: {
  added?: Finding;
  removed?: Finding;
  /** An empty list, where it means everybody or everywhere. */
  empty?: Finding;
}): Rule {
  const worst = worstOf([added, removed, empty]);
  return {
    worst,
    item: setting,
    judge(looked) {
      const { value, before } = looked;
      if (isUnchanged(looked)) return [];
      if (value === null) return [empty, removed].flatMap((f) => (f === undefined ? [] : found(looked, f)));
      if (!isPlainList(value)) return odd(looked, worst);
      const all = [added, removed].flatMap((f) => (f === undefined ? [] : found(looked, f)));
      if (value.length === 0 && empty !== undefined) return found(looked, empty);
      if (before === NOTHING) return added !== undefined && value.length > 0 ? found(looked, added) : [];
      if (!isPlainList(before)) return all;
      // An empty list that meant everybody: whoever is named now is nobody new, all others are shut out.
      if (before.length === 0 && empty !== undefined)
        return removed === undefined ? [] : found(looked, removed);
      const isNew = value.some((entry) => !before.includes(entry));
      const isGone = before.some((entry) => !value.includes(entry));
      return [
        ...(isNew && added !== undefined ? found(looked, added) : []),
        ...(isGone && removed !== undefined ? found(looked, removed) : []),
      ];
    },
  };
}

function isPlainList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && !value.some(isNested);
}

/** A list of values that are each judged, and what it means that it has other entries, or none any more. */
export function list(item: Rule, changed?: Finding, cleared?: Finding): Rule {
  const worst = higherRisk(item.worst, worstOf([changed, cleared]));
  return {
    worst,
    item,
    judge(looked) {
      const { value } = looked;
      if (value === null || isUnchanged(looked)) return [];
      if (!Array.isArray(value)) return odd(looked, worst);
      const entries: readonly unknown[] = value;
      const before = looked.before === NOTHING ? NOTHING : UNREAD;
      const finding = entries.length === 0 ? cleared : changed;
      return [
        ...(finding === undefined ? [] : found(looked, finding)),
        ...entries
          .flatMap((entry) => item.judge({ ...looked, value: entry, before }))
          // An entry that cannot be read makes a list that cannot be read.
          .map((inner) => (inner.isOdd === true ? { ...inner, risk: higherRisk(inner.risk, worst) } : inner)),
      ];
    },
  };
}

/** Settings in a list. */
export const settings: Rule = list(setting);

/** An object with these fields; any other field is judged by nobody. */
export function fields(rules: Readonly<Record<string, Rule>>): Rule {
  const worst = Object.values(rules).reduce<Risk>((risk, rule) => higherRisk(risk, rule.worst), 'reversible');
  return {
    worst,
    fields: rules,
    judge(looked) {
      const { value } = looked;
      if (value === null) return [];
      if (!isRecord(value)) return odd(looked, worst);
      return Object.entries(value).flatMap(([name, inner]) => {
        if (inner === undefined) return [];
        const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
        if (rule === undefined)
          return [mayExecute(`nobody judged ${shownName(name)} of ${looked.call.method}`)];
        const field = { ...looked, value: inner, name, before: fieldOf(looked.before, name) };
        return [...lineFindings(rule, field), ...rule.judge(field)];
      });
    },
  };
}

/** An object with free keys. */
export function mapOf(rule: Rule): Rule {
  return {
    worst: rule.worst,
    values: rule,
    judge(looked) {
      const { value } = looked;
      if (value === null) return [];
      if (!isRecord(value)) return odd(looked, rule.worst);
      return Object.entries(value).flatMap(([name, inner]) => {
        const entry = { ...looked, value: inner, name, before: fieldOf(looked.before, name) };
        return [...lineFindings(rule, entry), ...rule.judge(entry)];
      });
    },
  };
}

/** A rule made for one field, with a check of its form. */
export function custom(
  worst: Risk,
  hasRightForm: (value: unknown) => boolean,
  judge: (looked: Looked) => readonly Finding[],
  { isWhole = false }: { isWhole?: boolean } = {},
): Rule {
  return {
    worst,
    ...(isWhole ? { isWhole } : {}),
    judge: (looked) => (hasRightForm(looked.value) ? judge(looked) : odd(looked, worst)),
  };
}

/** The same rule, and a finding whenever the value changes. */
export function whenChanged(finding: Finding, rule: Rule): Rule {
  const worst = higherRisk(finding.risk, rule.worst);
  return {
    ...rule,
    worst,
    judge(looked) {
      if (isSame(looked.value, looked.before)) return [];
      return [...found(looked, finding), ...rule.judge(looked)];
    },
  };
}

/**
 * An object of any depth whose fields all have known names, and mean the same: one finding for whatever changes in it.
 * A field of another name is judged by nobody, wherever it stands.
 */
export function tree(names: string, finding: Finding): Rule {
  const known: Record<string, Rule> = {};
  const inner: Rule = {
    worst: finding.risk,
    isTree: true,
    fields: known,
    get item(): Rule {
      return inner;
    },
    judge(looked) {
      const { value } = looked;
      if (Array.isArray(value)) return value.flatMap((entry) => inner.judge({ ...looked, value: entry }));
      return isRecord(value) ? inside.judge(looked) : [];
    },
  };
  for (const name of names.split(/\s+/).filter(Boolean)) known[name] = inner;
  const inside = fields(known);
  return {
    ...inner,
    item: inner,
    judge: (looked) => [
      ...(looked.value === null || isUnchanged(looked) ? [] : found(looked, finding)),
      ...inner.judge(looked),
    ],
  };
}

/** The fields without some of them: where a method lacks what its sisters have. */
export function without(
  rules: Readonly<Record<string, Rule>>,
  names: string,
): Readonly<Record<string, Rule>> {
  const left = new Set(names.split(' '));
  return Object.fromEntries(Object.entries(rules).filter(([name]) => !left.has(name)));
}

/** Fields by several names, all judged by one rule. */
export function each(names: string, rule: Rule): Readonly<Record<string, Rule>> {
  return Object.fromEntries(
    names
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => [name, rule]),
  );
}

function worstOf(findings: readonly (Finding | undefined)[]): Risk {
  return findings.reduce<Risk>(
    (risk, finding) => (finding === undefined ? risk : higherRisk(risk, finding.risk)),
    'configuration',
  );
}
