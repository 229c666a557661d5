/** Judges the calls of a change: the highest risk over methods, arguments and state. */
import type { JudgedCall } from './call.ts';
import { type Finding, type Level, mayExecute, type Risk, RISKS, shownName } from './finding.ts';
import { createdDatasets, isInside, mayFill } from './empty-data.ts';
import { found, lineFindings, type Looked, type MethodRule, NOTHING, UNREAD } from './rule.ts';
import { ruleOf } from './table.ts';

export interface Judgement {
  readonly risk: Risk;
  /** Clauses for a person, the gravest first. */
  readonly reasons: readonly string[];
  readonly level: Level;
}

/** The risk of a change. A change without calls does nothing, and counts as judged by nobody. */
export function judge(calls: readonly JudgedCall[]): Judgement {
  const judged = calls.map((call, index) => looks(call, calls.slice(0, index)));
  const findings = judged.flatMap(({ asSuch, details }) => [...asSuch, ...details]);
  const all = findings.length === 0 ? [mayExecute('nobody judged a change without calls')] : findings;
  const gravestFirst = all.toSorted((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk));
  const levels = new Set(all.map((finding) => finding.level ?? LEVEL_OF[finding.risk]));
  return {
    risk: gravestFirst[0]?.risk ?? 'executes',
    reasons: [...new Set(gravestFirst.filter((each) => !isSaid(each, judged)).map(({ reason }) => reason))],
    level: LEVELS_DOWN.find((level) => levels.has(level)) ?? 'destroy',
  };
}

/** True for what a harmless call does as such, `settings of a share change`, where its arguments make it graver. */
function isSaid(finding: Finding, judged: readonly Looks[]): boolean {
  if (RISKS.indexOf(finding.risk) > RISKS.indexOf('configuration')) return false;
  return judged.some(
    ({ asSuch, details }) =>
      asSuch.includes(finding) &&
      details.some(({ risk }) => RISKS.indexOf(risk) > RISKS.indexOf(finding.risk)),
  );
}

const LEVELS_DOWN: readonly Level[] = ['destroy', 'manage', 'operate'];

const LEVEL_OF: Readonly<Record<Risk, Level>> = {
  reversible: 'operate',
  configuration: 'manage',
  exposes: 'manage',
  destroys: 'destroy',
  executes: 'destroy',
};

/** What one call does; `earlier` are the calls of the change before it. */
export function findingsOf(call: JudgedCall, earlier: readonly JudgedCall[] = []): readonly Finding[] {
  const { asSuch, details } = looks(call, earlier);
  return [...asSuch, ...details];
}

/** What a call does as such, and by its arguments. */
interface Looks {
  readonly asSuch: readonly Finding[];
  readonly details: readonly Finding[];
}

function looks(call: JudgedCall, earlier: readonly JudgedCall[]): Looks {
  const rule = ruleOf(call.method);
  if (rule === undefined)
    return { asSuch: [mayExecute(`nobody judged the method ${shownName(call.method)}`)], details: [] };
  const looked: Looked = {
    value: undefined,
    before: rule.makes === true ? NOTHING : (call.before ?? UNREAD),
    name: '',
    call,
    isEmptyData: isAboutEmptyData(call, rule, earlier),
  };
  const { risk, why, unless, level } = rule;
  const base: Finding = {
    risk,
    reason: why,
    ...(risk === 'executes' ? { isCode: true as const } : {}),
    ...(unless === undefined ? {} : { unless }),
    ...(level === undefined ? {} : { level }),
  };
  const asSuch = found(looked, base);
  // A base that fell away leaves the call as something that can be taken back.
  const least: Finding = { risk: 'reversible', reason: why, level: level ?? LEVEL_OF[risk] };
  return {
    asSuch: asSuch.length === 0 ? [least] : asSuch,
    details: [
      ...argumentFindings(rule, looked),
      ...(rule.also?.(call).flatMap((finding) => found(looked, finding)) ?? []),
    ],
  };
}

function argumentFindings(rule: MethodRule, looked: Looked): readonly Finding[] {
  return looked.call.params.flatMap((value, index) => {
    if (value === undefined) return [];
    const name = `argument ${index + 1}`;
    const judging = rule.params[index];
    if (judging === undefined) return [mayExecute(`nobody judged ${name} of ${looked.call.method}`)];
    const argument = { ...looked, value, name };
    return [...lineFindings(judging, argument), ...judging.judge(argument)];
  });
}

function isAboutEmptyData(call: JudgedCall, rule: MethodRule, earlier: readonly JudgedCall[]): boolean {
  if (mayFill(earlier)) return false;
  if (call.facts?.['isNew'] === true) return true;
  const data = rule.data?.(call);
  return typeof data === 'string' && createdDatasets(earlier).some((dataset) => isInside(data, dataset));
}
