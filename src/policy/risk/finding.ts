/** Risks of a change, and what a rule found: data only. */
import type { AccessLevel } from '../levels.ts';

/** Risks in ascending order; which consent each needs is told in docs/safety.md. */
export const RISKS = ['reversible', 'configuration', 'exposes', 'destroys', 'executes'] as const;
export type Risk = (typeof RISKS)[number];

/** The access level that a change needs at least. */
export type Level = Exclude<AccessLevel, 'read'>;

/** The greater of two risks. */
export function higherRisk(a: Risk, b: Risk): Risk {
  return RISKS.indexOf(a) >= RISKS.indexOf(b) ? a : b;
}

/** Facts that take the edge off a finding; a fact that is missing or odd never does. */
type Unless =
  /** The call makes the thing, so that nothing can be lost. */
  | 'isNew'
  /** Nobody is connected. */
  | 'noClients'
  /** The thing does not run, or nobody uses it. */
  | 'notRunning'
  /** No share, target or service reaches the place. */
  | 'noShares'
  /** No share, task, app or other thing hangs on it. */
  | 'noAttachments'
  /** No snapshot that is there falls under a retention that it did not fall under before. */
  | 'noneTakenOver'
  /** The data concerned is a dataset that was made just now and holds nothing: exposing it is configuration. */
  | 'emptyData';

/** One reason why a call is risky. */
export interface Finding {
  readonly risk: Risk;
  /** A clause for a person, without a full stop. */
  readonly reason: string;
  /** The access level, where it is not the one that goes with the risk. */
  readonly level?: Level;
  readonly unless?: Unless;
  /** True when the call brings in code that runs as root: never sent unless the operator allows code. */
  readonly isCode?: true;
  /** True when the value could not be read. */
  readonly isOdd?: true;
}

/** A name that a caller made up, for a reason: anything but a plain word is not repeated to the person who decides. */
export function shownName(name: string): string {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(name) ? `"${name}"` : 'an argument with an odd name';
}

/** Settings; nothing is lost or opened. */
export function configures(reason: string): Finding {
  return { risk: 'configuration', reason };
}

/** Somebody gets at something, whatever the data is: a sign-in, a right, a host that data goes to. */
export function exposes(reason: string): Finding {
  return { risk: 'exposes', reason };
}

/** Somebody who was there before gets in; that a new one does is said by its making. */
export function reopens(reason: string): Finding {
  return { risk: 'exposes', reason, unless: 'isNew' };
}

/** Somebody gets at data; a dataset that is new and empty is excepted. */
export function opensData(reason: string): Finding {
  return { risk: 'exposes', reason, unless: 'emptyData' };
}

/** Data comes to a place where others reach it, unless nothing is shared there. */
export function opensIfShared(reason: string): Finding {
  return { risk: 'exposes', reason, unless: 'noShares' };
}

/** Somebody loses access to data; of a dataset that is new and empty nobody had any. */
export function closesData(reason: string): Finding {
  return { risk: 'destroys', reason, unless: 'emptyData' };
}

/** What hangs on the thing stops working, unless nothing does. */
export function breaksAttachments(reason: string): Finding {
  return { risk: 'destroys', reason, unless: 'noAttachments' };
}

/** Data or a protection is lost, also when the thing is new. */
export function destroys(reason: string): Finding {
  return { risk: 'destroys', reason };
}

/** Data, access or a protection is lost that was there before. */
export function loses(reason: string): Finding {
  return { risk: 'destroys', reason, unless: 'isNew' };
}

/** Connected clients lose their work. */
export function cutsOffClients(reason: string, level?: Level): Finding {
  return { risk: 'destroys', reason, unless: 'noClients', ...(level === undefined ? {} : { level }) };
}

/** Work that runs is ended; the level is that of running things. */
export function endsWork(reason: string): Finding {
  return { risk: 'destroys', reason, unless: 'notRunning', level: 'operate' };
}

/** Code runs as root, which only `TRUENAS_ALLOW_CODE` opens. */
export function executes(reason: string): Finding {
  return { risk: 'executes', reason, isCode: true };
}

/** Nobody judged it, or it may amount to running code. */
export function mayExecute(reason: string): Finding {
  return { risk: 'executes', reason };
}
