/**
 * Asks for a plan to be applied: finds out which consent it needs, whether it is there, and applies it then. What a client
 * or a model says is believed only for the risks that allow it.
 */
import type { Applied, ChangeEngine, Progress } from './engine.ts';
import { mayRepeatSummary } from './consent.ts';
import type { Plan } from './plan.ts';
import { isWholeSummary, summaryLine } from './preview.ts';

/** A client's answer to a question that this process asked about this very plan. */
export interface ClientAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
  /** The question: a form shows the plan, an address says only that the client has opened the page. */
  readonly way: 'form' | 'url';
}

/** How the person at the client can be asked. */
export interface ConsentWays {
  readonly canShowForm: boolean;
  readonly canOpenUrl: boolean;
  /** True when a form would hide a part of the plan, because it looks like a secret: nobody agrees to what is not shown. */
  readonly isHiddenInPart?: () => boolean;
  /** Present only when its sealed state names this plan and its hash. */
  readonly answer?: ClientAnswer | undefined;
  /** The summary as the model repeated it. */
  readonly repeatedSummary?: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: Progress;
  /** Called when nothing is left but to wait: for a person elsewhere, or for the NAS. */
  readonly onBegun?: () => void;
  /** Waits for the end, however long it takes; at most 45 seconds when absent. */
  readonly isPatient?: boolean;
}

/** The result of asking. */
export type RequestAnswer =
  | ({ readonly kind: 'ended' } & Applied)
  /** The client is to show a form. */
  | { readonly kind: 'form'; readonly plan: Plan }
  /** The client is to open the approval page. */
  | { readonly kind: 'url'; readonly plan: Plan; readonly url: string }
  /** apply_change is to repeat the summary. */
  | { readonly kind: 'repeat'; readonly plan: Plan }
  /** A person was asked elsewhere and has not answered yet, or the change is still under way. */
  | { readonly kind: 'waiting'; readonly plan: Plan; readonly where: string }
  | { readonly kind: 'refused'; readonly plan: Plan; readonly reason: string };

/** How a person finds a plan that waits for them. */
export interface Offered {
  /** Address of its page. */
  readonly url: string | undefined;
  /** For a sentence about a page that is opened for them. */
  readonly where: string;
  /** For a sentence when nothing is opened: the terminal alone. */
  readonly unasked: string;
}

/** The places where a person approves with a sign-in: the approval page and the terminal. */
export interface Approvals {
  /** Shows the plan there. */
  offer(plan: Plan): Promise<Offered>;
  /** Opens the page in the browser of this machine; false when there is none. */
  openInBrowser(url: string): Promise<boolean>;
  /** How the plan ended; undefined when nobody has answered within `waitMs`. */
  ended(plan: Plan, options: { signal: AbortSignal; waitMs: number }): Promise<Applied | undefined>;
}

const DECLINED =
  'A person declined this very change within the last hour, and is not asked again until then. If they have changed their mind,';
const UNANSWERED =
  'A person was asked about this very change within the last hour and did not answer, and is not asked again until then. If they want it,';
const FORM_OPEN = 'A form has shown this plan already, and was not answered. If they want it,';
const IF_WANTED = 'If they want it,';

/** Longest wait for a person within one call, in milliseconds: many clients give up after a minute. */
const APPROVAL_WAIT_MS = 45_000;
/** Longer than any job of a NAS; the most that a timer takes is 24 days. */
const LONG_MS = 20 * 24 * 60 * 60_000;

/** Plans whose end was told in full; once is enough. */
const told = new WeakSet<Plan>();
/** Plans that a form has shown, and whose page a client was asked to open: each is asked once. */
const formsShown = new WeakSet<Plan>();
const pagesShown = new WeakSet<Plan>();

/** Applies the plan if the consent that its risk demands is there, and else says what is needed. */
export async function requestChange(
  engine: ChangeEngine,
  approvals: Approvals,
  plan: Plan,
  ways: ConsentWays,
): Promise<RequestAnswer> {
  const { outcome, undo } = plan;
  // A person on the page or in the terminal may be done before the client, or the model, asks again.
  const isNews = plan.phase === 'ended' && outcome !== undefined && !told.has(plan);
  const answer: RequestAnswer = isNews
    ? { kind: 'ended', plan, outcome, undo }
    : await requested(engine, approvals, plan, ways);
  if (plan.phase === 'ended') told.add(plan);
  return answer;
}

async function requested(
  engine: ChangeEngine,
  approvals: Approvals,
  plan: Plan,
  ways: ConsentWays,
): Promise<RequestAnswer> {
  const obstacle = obstacleTo(engine, plan);
  if (obstacle !== undefined) return { kind: 'refused', plan, reason: obstacle };
  // Nobody is asked again; whoever has changed their mind finds it in the terminal, and signs in.
  const asked = plan.phase === 'open' ? askedBefore(engine, plan) : undefined;
  if (asked !== undefined) return notAsked(approvals, plan, asked);
  if (plan.phase === 'applying') return awaited(approvals, plan, ways, '');
  const session = plan.consent !== 'approval' ? await engine.writerFor(plan) : undefined;
  if (session === undefined) return approval(engine, approvals, plan, ways);
  const apply = async (): Promise<RequestAnswer> => {
    ways.onBegun?.();
    const { signal, onProgress } = ways;
    const applied = await engine.apply(plan, session, {
      signal,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    return { kind: 'ended', ...applied };
  };
  if (plan.consent === 'none') return apply();
  if (ways.canShowForm && ways.isHiddenInPart?.() === true) return approval(engine, approvals, plan, ways);
  if (ways.canShowForm) {
    // Whoever agreed to open the page has not seen the plan.
    if (ways.answer?.way !== 'form') {
      if (formsShown.has(plan)) return notAsked(approvals, plan, FORM_OPEN);
      const tooMany = engine.ask(plan);
      if (tooMany !== undefined) return notAsked(approvals, plan, `${tooMany} ${IF_WANTED}`);
      formsShown.add(plan);
      return { kind: 'form', plan };
    }
    if (ways.answer.action === 'accept') return apply();
    return declined(engine, plan, ways.answer.action);
  }
  if (!mayRepeatSummary(plan.judgement.risk) || !isWholeSummary(plan.change.summary))
    return approval(engine, approvals, plan, ways);
  return ways.repeatedSummary === summaryLine(plan.change.summary) ? apply() : { kind: 'repeat', plan };
}

/** Why nobody is asked: the same was asked before, with this plan or another. */
function askedBefore(engine: ChangeEngine, plan: Plan): string | undefined {
  const answered = engine.answerTo(plan);
  if (answered === undefined) return undefined;
  if (answered.kind !== 'asked') return answered.kind === 'declined' ? DECLINED : UNANSWERED;
  const { id, caller } = answered.plan;
  if (answered.plan === plan) return undefined;
  const which = caller.id === plan.caller.id ? `, as plan ${id}` : '';
  return `A person is asked about this very change already${which}, and has not answered. ${IF_WANTED}`;
}

function obstacleTo(engine: ChangeEngine, plan: Plan): string | undefined {
  if (engine.unready !== undefined) return engine.unready;
  if (plan.obstacles.length > 0) return plan.obstacles.join(' ');
  if (plan.phase === 'ended') {
    const how = plan.outcome?.reason ?? plan.outcome?.kind ?? 'expired';
    return `this plan has ended (${how}); a plan is applied once at most. list_changes shows what was done.`;
  }
  return undefined;
}

async function approval(
  engine: ChangeEngine,
  approvals: Approvals,
  plan: Plan,
  ways: ConsentWays,
): Promise<RequestAnswer> {
  const { answer } = ways;
  // Whoever does not want the page opened is not asked again either.
  if (answer?.way === 'url' && answer.action !== 'accept') return declined(engine, plan, answer.action);
  const { url, where } = await approvals.offer(plan);
  if (url !== undefined && plan.phase === 'open') {
    const tooMany = engine.ask(plan);
    if (tooMany !== undefined) return notAsked(approvals, plan, `${tooMany} ${IF_WANTED}`);
    // An accepted question means that the client has opened the page, and no more.
    if (ways.canOpenUrl && answer === undefined && !pagesShown.has(plan)) {
      pagesShown.add(plan);
      return { kind: 'url', plan, url };
    }
    if (!ways.canOpenUrl) await approvals.openInBrowser(url);
  }
  return awaited(approvals, plan, ways, where);
}

/** How it ended, if it does while somebody waits. @param where a person finds it, for as long as it waits for one */
async function awaited(
  approvals: Approvals,
  plan: Plan,
  { signal, onBegun, isPatient = false }: ConsentWays,
  where: string,
): Promise<RequestAnswer> {
  onBegun?.();
  const first = await approvals.ended(plan, { signal, waitMs: isPatient ? LONG_MS : APPROVAL_WAIT_MS });
  // A person agreed shortly before the plan expired: it is applied all the same.
  const isUnderWay = first === undefined && isPatient && plan.phase === 'applying';
  const applied = isUnderWay ? await approvals.ended(plan, { signal, waitMs: LONG_MS }) : first;
  if (applied !== undefined) return { kind: 'ended', ...applied };
  if (plan.phase === 'applying')
    return { kind: 'waiting', plan, where: 'it is being applied at this moment.' };
  if (isPatient && !signal.aborted)
    return { kind: 'refused', plan, reason: 'Nothing was changed: nobody answered before the plan expired.' };
  return { kind: 'waiting', plan, where };
}

/** Nobody is asked; whoever wants the change all the same finds it in the terminal, and signs in there. */
async function notAsked(approvals: Approvals, plan: Plan, why: string): Promise<RequestAnswer> {
  const { unasked } = await approvals.offer(plan);
  return { kind: 'refused', plan, reason: `${why} ${unasked}` };
}

async function declined(
  engine: ChangeEngine,
  plan: Plan,
  action: 'decline' | 'cancel',
): Promise<RequestAnswer> {
  const reason =
    action === 'decline'
      ? 'declined, or the client could not show the question'
      : 'the question was closed without an answer';
  await engine.decline(plan, reason);
  return { kind: 'refused', plan, reason: `Nothing was changed: ${reason}.` };
}
