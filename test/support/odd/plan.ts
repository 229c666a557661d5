/** What is asked of which NAS, and every way in which one of its answers can be odd. */
import type { SimulatedRelease } from 'truenas-simulator';
import { READ_TOOLS } from '../registry.ts';
import { randomFrom } from '../random.ts';
import type { Answer, Bench, Made, Question } from './bench.ts';
import { isAside, isCount, isEssential, isIdentity, tellsNamesOnly } from './essential.ts';
import { type Property, violations } from './judge.ts';
import { callKey, type Kind, meddled, type Mutation, mutationsOf } from './mutations.ts';
import { type Answering, type SimulatedAnswers, writtenAnswers } from './nas.ts';
import { olderRelease } from './older.ts';
import { JUDGED_BUT_NULLABLE, JUDGED_FIELDS, LAWFUL_NULLS, NOT_ABOUT_HEALTH, WORLDS } from './worlds.ts';

/** The curated tools: what the generic ones send on is the NAS's own. */
const TOOLS = READ_TOOLS.filter((tool) => tool.toolset !== 'api');

/** A question to one NAS, with its answer when nothing is odd. */
interface Asked {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The resource that shows this answer is read instead of calling the tool. */
  readonly uri?: string;
  readonly answering: Answering;
  readonly base: Answer;
  readonly made: readonly Made[];
  /** What the NAS has in trouble; of another NAS than the simulator's. */
  readonly world?: string;
  /** The answers are those on the wire, rows that were not asked for among them. */
  readonly isOfWire?: boolean;
}

/** One odd answer to one call of one question. */
export interface OddCase {
  readonly asked: Asked;
  readonly mutation: Mutation;
  /** `list_pools pool.query: a field`: what known failures are listed by, with the property behind it. */
  readonly key: string;
  /** The call is not made of a NAS without trouble, or tells nothing of trouble. */
  readonly isDetail: boolean;
  /** What tells this case from others; nothing of the NAS, so that chance chooses alike when the simulator's changes. */
  readonly id: string;
}

/** A violation, with what shows it. */
export interface Violation {
  /** The key of the case, and the property. */
  readonly key: string;
  readonly property: Property;
  readonly seen: string;
}

/** Kinds that are mended together are listed together. */
const GROUPS: Readonly<Record<Kind, string>> = {
  fails: 'no answer',
  'is missing': 'no answer',
  misfits: 'no answer',
  hangs: 'no answer',
  'is refused': 'refused',
  null: 'another form',
  '{}': 'another form',
  '[]': 'another form',
  'a text': 'another form',
  'a number': 'another form',
  row: 'a row of another form',
  'field null': 'a field missing',
  'field absent': 'a field missing',
  'field of another type': 'a field of another type',
  'field huge': 'a field huge',
};

/** Every case there is, for every tool with each of its examples. */
export async function allCases(
  bench: Bench,
  simulated: SimulatedAnswers,
  release: SimulatedRelease = '25.10',
): Promise<OddCase[]> {
  const cases: OddCase[] = [];
  /** Calls that the overview makes of a NAS without trouble. */
  const usual = new Set<string>();
  // The NASes that are written down are of 25.10.
  for (const { name, answers, methods } of release === '25.10' ? WORLDS : []) {
    const answering = writtenAnswers(answers, simulated.answer);
    const asked = await askedOf({ tool: 'system_overview', args: {}, answering, world: name }, bench);
    if (name === QUIET) for (const call of asked.made) usual.add(callKey(call));
    const isChosen = ({ method }: Made) => name === QUIET || methods.includes(method);
    cases.push(...casesOf(asked, usual).filter(({ mutation }) => isChosen(mutation.call)));
  }
  const isOfWire = olderRelease(release) !== undefined;
  for (const { name: tool, examples } of TOOLS) {
    for (const { args } of examples) {
      const asked = await askedOf({ tool, args, answering: simulated.answer, isOfWire }, bench);
      cases.push(...casesOf(asked, release === '25.10' ? usual : undefined));
    }
  }
  return cases;
}

/** Every case of one tool on the simulator, called or read as a resource. */
export async function casesOfTool(
  { tool, args, uri }: Pick<Asked, 'tool' | 'args' | 'uri'>,
  bench: Bench,
  simulated: SimulatedAnswers,
): Promise<OddCase[]> {
  const question = { tool, args, answering: simulated.answer, ...(uri === undefined ? {} : { uri }) };
  return casesOf(await askedOf(question, bench), undefined);
}

async function askedOf(question: Omit<Asked, 'base' | 'made'>, bench: Bench): Promise<Asked> {
  const { answer: base, made } = await bench.trace(asBenchQuestion(question), question.answering);
  return { ...question, base, made };
}

function asBenchQuestion({ tool, args, uri }: Pick<Asked, 'tool' | 'args' | 'uri'>): Question {
  return uri === undefined ? { tool, args } : { uri };
}

/** `usual`: the calls of the overview that tell of no trouble yet; not known when absent. */
function casesOf(asked: Asked, usual: ReadonlySet<string> | undefined): OddCase[] {
  const { tool, args, made, world } = asked;
  const calls = new Map(made.map((call) => [callKey(call), call]));
  return [...calls].flatMap(([callId, call]) => {
    const name = `${tool} ${call.method}${isCount(call) ? ' (count)' : ''}`;
    const isDetail =
      NOT_ABOUT_HEALTH.has(call.method) ||
      tellsNamesOnly(call, made) ||
      (tool === 'system_overview' && usual?.has(callId) === false);
    // A thing that is really called otherwise is not found.
    const isOther = ({ kind, place }: Mutation) =>
      asked.isOfWire === true && kind === 'field huge' && IDENTITY.test(place);
    return mutationsOf(call)
      .filter((mutation) => !isOther(mutation))
      .map((mutation) => {
        const { kind, place } = mutation;
        const id = [name, world ?? JSON.stringify(args), kind, place].join(' ');
        return { asked, mutation, key: `${name}: ${GROUPS[kind]}`, isDetail, id };
      });
  });
}

const IDENTITY = /(?:^|\.)(?:id|name|identifier|username|group)$/u;

const QUIET = 'no trouble';

/** What is wrong with the answer to an odd NAS; empty when nothing is. The same seed chooses the same row and odd value. */
export async function tried(odd: OddCase, bench: Bench, seed: number): Promise<Violation[]> {
  const { asked, mutation, key, isDetail, id } = odd;
  const { tool, args, answering, base, made, world } = asked;
  const random = randomFrom(hashOf(id) ^ seed);
  const answer = await bench.ask(asBenchQuestion(asked), meddled(answering, mutation, random));
  const isEmpty = mutation.kind === 'field null' || mutation.kind === 'field absent';
  const found = violations({
    base,
    answer,
    mutation,
    isDetail,
    isEssential: isEssential(asked, mutation.call, made),
    isAside: isAside(asked, mutation.call, made) || (asked.isOfWire === true && /^No /mu.test(base.text)),
    isIdentity: isIdentity(asked, mutation.place),
    isJudged:
      !isAboutOne(asked) &&
      (isIn(JUDGED_FIELDS, mutation) || (!isEmpty && isIn(JUDGED_BUT_NULLABLE, mutation))),
    isLawful: isEmpty && isIn(LAWFUL_NULLS, mutation),
  });
  const { method, params } = mutation.call;
  const what = `${asked.uri ?? `${tool} ${JSON.stringify(args)}`}${world === undefined ? '' : ` of a NAS with ${world}`}`;
  const how = `${method} ${JSON.stringify(params)}: ${mutation.kind} ${mutation.place}`;
  // Rows that were not asked for, and cannot be judged, come on top.
  const isMore = Number(answer.data['total']) > Number(base.data['total']);
  const isLost = (property: Property) => property === 'loses' && !(asked.isOfWire === true && isMore);
  return found
    .filter((property) => property !== 'loses' || isLost(property))
    .map((property) => ({
      key: `${key}: ${property}`,
      property,
      seen: `${what}\n${how}\n${answer.text}`,
    }));
}

/** True where the odd row may be one that the question is not about. */
function isAboutOne({ isOfWire, tool }: Asked): boolean {
  return isOfWire === true && tool !== 'system_overview';
}

function isIn(fields: Readonly<Record<string, RegExp>>, { call, place }: Mutation): boolean {
  return place !== '' && fields[call.method]?.test(place) === true;
}

/** A number that a text gives (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
