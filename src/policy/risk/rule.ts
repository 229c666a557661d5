/** Rules by which the arguments of a call are judged; the tables in methods/ are made of them. */
import { isNested } from '../survey.ts';
import { executes, type Finding, higherRisk, type Level, type Risk, shownName } from './finding.ts';
import type { JudgedCall } from './call.ts';

/** State before that nobody read. */
export const UNREAD = Symbol('state that was not read');
/** State before of what the call itself makes. */
export const NOTHING = Symbol('nothing was there before');

/** An argument value beside the state before. */
export interface Looked {
  /** As it is sent; never `undefined`. */
  readonly value: unknown;
  /** The same field before; {@link UNREAD} or {@link NOTHING}. */
  readonly before: unknown;
  /** The argument by name, for the reason. */
  readonly name: string;
  readonly call: JudgedCall;
  /** True when the data concerned is a dataset that was made in this change and holds nothing. */
  readonly isEmptyData: boolean;
}

export interface Rule {
  /** The highest risk that a well-formed value may have; a value of an odd form has at least this. */
  readonly worst: Risk;
  judge(looked: Looked): readonly Finding[];
  /** Fields of an object. A field that is not here is judged by nobody. */
  readonly fields?: Readonly<Record<string, Rule>>;
  /** Items of a list. */
  readonly item?: Rule;
  /** Values of an object with free keys. */
  readonly values?: Rule;
  /** True when nested values are judged as one, so that their fields need no rules of their own. */
  readonly isWhole?: boolean;
  /** True for a text of several lines. */
  readonly isText?: boolean;
  /** True when its fields are the rule itself again, at any depth. */
  readonly isTree?: boolean;
}

/** How a method is judged. */
export interface MethodRule {
  /** Risk of the call as such, whatever its arguments. */
  readonly risk: Risk;
  /** The level, where it is not the one that goes with the risk. */
  readonly level?: Level;
  /** Clause for a person: what the call does. */
  readonly why: string;
  /** `unless` of the risk as such. */
  readonly unless?: Finding['unless'];
  /** True when the call makes a new thing; `before` is then nothing instead of not read. */
  readonly makes?: boolean;
  /** By position. An argument beyond these is judged by nobody. */
  readonly params: readonly Rule[];
  /** The path or dataset whose data the call is about. */
  data?(call: JudgedCall): unknown;
  /** What shows only in several arguments together. */
  also?(call: JudgedCall): readonly Finding[];
}

/** A value that the rule cannot read: it counts as exposing at least. */
export function odd(looked: Looked, worst: Risk): readonly Finding[] {
  return [
    {
      risk: higherRisk('exposes', worst),
      reason: `${isPlace(looked.name) ? looked.name : shownName(looked.name)} has a form that cannot be judged`,
      isOdd: true,
      ...(worst === 'executes' ? { isCode: true as const } : {}),
    },
  ];
}

/** `argument 1`, where an argument has no name. */
function isPlace(name: string): boolean {
  return /^argument \d+$/.test(name);
}

/** The finding as it stands for this value. */
export function found(looked: Looked, finding: Finding): readonly Finding[] {
  const { facts } = looked.call;
  switch (finding.unless) {
    case 'isNew':
      return looked.before === NOTHING ? [] : [finding];
    case 'noClients':
      return looked.before === NOTHING ? [] : clientFinding(finding, facts?.['clients']);
    case 'notRunning':
      return looked.before === NOTHING || facts?.['isRunning'] === false || facts?.['clients'] === 0
        ? []
        : [finding];
    case 'noShares':
      return facts?.['shares'] === 0 ? [] : [finding];
    case 'noAttachments':
      return facts?.['attachments'] === 0 ? [] : [finding];
    case 'noneTakenOver':
      return facts?.['takenOver'] === 0 ? [] : [finding];
    case 'emptyData':
      return looked.isEmptyData
        ? [{ risk: 'configuration', reason: `${finding.reason} (the dataset is new and empty)` }]
        : [finding];
    default:
      return [finding];
  }
}

function clientFinding(finding: Finding, clients: unknown): readonly Finding[] {
  if (clients === 0) return [];
  const isCount = Number.isSafeInteger(clients) && Number(clients) > 0;
  const count = isCount ? `${Number(clients)} connected now` : 'how many are connected is not known';
  return [{ ...finding, reason: `${finding.reason} (${count})` }];
}

/**
 * A line break, or another control character, in a text that has one line: the NAS writes many settings into files of services
 * as they come (`sysLocation` of snmpd.conf, `server string` of smb.conf), where a second line is a setting of its own.
 */
export function lineFindings(
  rule: Rule,
  { value, name }: Pick<Looked, 'value' | 'name'>,
): readonly Finding[] {
  if (rule.isText === true || rule.isWhole === true) return [];
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!texts.some((text) => typeof text === 'string' && CONTROL.test(text))) return [];
  const shown = isPlace(name) ? name : shownName(name);
  return [
    executes(
      `${shown} holds a line break, which can add settings to files of the NAS that run programs as root`,
    ),
  ];
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** True when the value is known to be the one from before. */
export function isUnchanged({ value, before }: Pick<Looked, 'value' | 'before'>): boolean {
  return isSame(value, before);
}

/** Equal values; the NAS gives properties of ZFS as `{value, rawvalue, parsed}`. */
export function isSame(value: unknown, before: unknown, depth = 0): boolean {
  if (before === UNREAD || before === NOTHING || depth > MAX_DEPTH) return false;
  if (!isNested(value)) {
    if (value === before) return true;
    const forms = propertyForms(before);
    return forms.some((form) => form === value || (typeof value === 'number' && form === String(value)));
  }
  if (!isNested(before) || Array.isArray(value) !== Array.isArray(before)) return false;
  const keys = Object.keys(value);
  return (
    keys.length === Object.keys(before).length &&
    keys.every(
      (key) =>
        Object.hasOwn(before, key) &&
        isSame(
          (value as Readonly<Record<string, unknown>>)[key],
          (before as Readonly<Record<string, unknown>>)[key],
          depth + 1,
        ),
    )
  );
}

const MAX_DEPTH = 12;

/** The readings of a ZFS property; none for other values. */
export function propertyForms(before: unknown): readonly unknown[] {
  if (!isRecord(before) || !Object.hasOwn(before, 'rawvalue')) return [];
  return [before['value'], before['parsed'], before['rawvalue']];
}

/** A field of the state before. */
export function fieldOf(before: unknown, name: string): unknown {
  if (before === NOTHING) return NOTHING;
  return isRecord(before) && Object.hasOwn(before, name) ? before[name] : UNREAD;
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isNested(value) && !Array.isArray(value);
}
