/**
 * Every class of risk, by every way of consent, in both revisions of MCP: what is enough for it is applied, and what is not
 * leads to the person's sign-in, and without that to nothing. The changes are examples of the tools, taken in turn.
 */
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { approve } from '../../src/cli/approve.ts';
import type { Plan } from '../../src/changes/plan.ts';
import { RISKS, type Risk } from '../../src/policy/risk/index.ts';
import type { Example } from '../../src/tools/define.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { type ChangeNas, changeNas, MODES, startChangeNas } from './support/change-nas.ts';
import { planned } from './support/plan-of.ts';

const OPTIONS = { rules: { allowsCode: true } };

interface Sample {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly methods: readonly string[];
}

const samples = new Map<Risk, Sample[]>(RISKS.map((risk) => [risk, []]));

beforeAll(async () => {
  const nas = await startChangeNas({ hasWriter: true, ...OPTIONS });
  for (const { tool, args } of candidates()) {
    const plan = await planned(nas, tool, args).catch(() => undefined);
    if (plan === undefined || !isPlain(plan)) continue;
    const methods = plan.change.calls.map(({ method }) => method);
    samples.get(plan.judgement.risk)?.push({ tool, args, methods });
  }
  await nas.close();
}, 120_000);

/** Examples of all tools, and code as root, for which no tool is made. */
function candidates(): Pick<Sample, 'tool' | 'args'>[] {
  const cronjob = (command: string) => ({ method: 'cronjob.create', params: [{ command, user: 'root' }] });
  return [
    ...ALL_TOOLS.filter(({ kind }) => kind === 'change').flatMap(({ name, examples }) =>
      examples.flatMap(({ args, given }: Example) => (given === undefined ? [{ tool: name, args }] : [])),
    ),
    ...['true', 'uptime', 'date'].map((command) => ({ tool: 'call_api_write', args: cronjob(command) })),
  ];
}

/** Secrets are typed, and what takes the NAS away is seen no more: tests of their own look at both. */
function isPlain({ obstacles, secrets, change }: Plan): boolean {
  const isLasting = change.targets.every(({ goesAway }) => goesAway !== true);
  return obstacles.length === 0 && secrets.length === 0 && isLasting;
}

const SLIGHT: readonly Risk[] = ['reversible', 'configuration'];
const WAYS = [
  'a form',
  'the summary repeated',
  'a page that the client opens',
  'a page in the browser',
  'the terminal',
] as const;
type Way = (typeof WAYS)[number];

const CASES = MODES.flatMap(([revision, mode]) =>
  WAYS.flatMap((way, index) => RISKS.map((risk) => ({ revision, mode, way, risk, index }))),
);

it('every class of risk has examples', () => {
  const few = RISKS.filter((risk) => (samples.get(risk)?.length ?? 0) < 3);
  expect(few).toEqual([]);
});

it.each(CASES.filter(isEnough))(
  '$risk, $way, a client of $revision: it is applied, once',
  async (each) => {
    const { nas, questions, sample, called, again } = await asked(each);
    if (each.way === 'a page in the browser') await atPage(nas, '/apply');
    if (each.way === 'the terminal') await atTerminal(nas);
    expect((await called).text).toMatch(/^DONE/u);
    expect(nas.writes().map(({ method }) => method)).toEqual(sample.methods);
    expect(questions).toEqual(expectedQuestions(each.way, each.risk));
    expect((await again()).text).toContain('applied once at most');
  },
  40_000,
);

it.each(CASES.filter((each) => !isEnough(each)))(
  '$risk, $way, a client of $revision: it is not asked so, and the person declines it on the page',
  async (each) => {
    const { nas, questions, called } = await asked(each);
    await atPage(nas, '/decline');
    expect((await called).text).toContain('a person declined it');
    expect(questions).toEqual([]);
    expect(nas.writes()).toEqual([]);
  },
  40_000,
);

type Case = (typeof CASES)[number];

function isQuestion(way: Way): boolean {
  return way === 'a form' || way === 'the summary repeated';
}

/** A form or the summary is enough for what is slight, a sign-in for everything. */
function isEnough({ way, risk }: Pick<Case, 'way' | 'risk'>): boolean {
  return !isQuestion(way) || SLIGHT.includes(risk);
}

/** Plans an example of the risk, and asks for it; the call waits for the person. */
async function asked({ mode, revision, way, risk, index }: Case) {
  const all = samples.get(risk) ?? [];
  const sample = all[(index * 2 + (revision === '2026-07-28' ? 1 : 0)) % all.length];
  if (sample === undefined) throw new Error(`there is no example of ${risk}`);
  // What a question is enough for goes to a person where the operator says so.
  const nas = await changeNas({
    hasWriter: isQuestion(way),
    approval: isQuestion(way) ? 'page' : 'always',
    ...OPTIONS,
  });
  const questions: string[] = [];
  const client = await clientOf(nas, mode, way, questions);
  const { data } = await nas.call(client, 'plan_change', { tool: sample.tool, arguments: sample.args });
  const change = { plan: String(data['plan']), summary: String(data['summary']) };
  const again = () => nas.call(client, 'apply_change', change);
  const called = again();
  called.catch(() => {});
  return { nas, questions, sample, called, again };
}

function expectedQuestions(way: Way, risk: Risk): string[] {
  if (way === 'a page that the client opens') return ['url'];
  return way === 'a form' && risk === 'configuration' ? ['form'] : [];
}

/** A client that declares what the way needs, and a person behind it who agrees to everything they are asked. */
async function clientOf(
  nas: ChangeNas,
  mode: (typeof MODES)[number][1],
  way: Way,
  questions: string[],
): Promise<Client> {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await nas.serve(serverSide);
  const elicitation =
    way === 'a form' ? { form: {} } : way === 'a page that the client opens' ? { url: {} } : undefined;
  const client = new Client(
    { name: 'test', version: '1' },
    {
      versionNegotiation: { mode },
      ...(elicitation === undefined ? {} : { capabilities: { elicitation } }),
    },
  );
  if (elicitation !== undefined)
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      if (params.mode !== 'url') {
        questions.push('form');
        return { action: 'accept', content: { apply: true } };
      }
      questions.push('url');
      await approvedAt(nas, new URL(params.url), '/apply');
      return { action: 'accept' };
    });
  onTestFinished(() => client.close());
  await client.connect(clientSide);
  return client;
}

async function atPage(nas: ChangeNas, path: '/apply' | '/decline'): Promise<void> {
  await expect.poll(() => nas.openedUrls, { timeout: 15_000 }).toHaveLength(1);
  await approvedAt(nas, new URL(nas.openedUrls[0] ?? ''), path);
}

/** Signs in on the page as the person, and answers. */
async function approvedAt(nas: ChangeNas, url: URL, path: '/apply' | '/decline'): Promise<void> {
  const post = async (to: string, body: object) => {
    const response = await fetch(new URL(to, url), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: url.origin },
    });
    return Object(await response.json());
  };
  const shown = await post('/sign-in', { plan: url.pathname.slice(1), ...nas.simulator.person });
  const { token, hash } = shown;
  await post(path, path === '/apply' ? { token, hash } : { token });
}

async function atTerminal(nas: ChangeNas): Promise<void> {
  await expect.poll(() => nas.openedUrls, { timeout: 15_000 }).toHaveLength(1);
  const { username, password } = nas.simulator.person;
  const answers = [username, password, 'apply'];
  const ask = async () => answers.shift() ?? '';
  const terminal = { say: () => {}, ask, askHidden: ask, close: () => {} };
  expect(await approve(terminal, join(nas.folder, 'sockets'))).toBe(0);
}
