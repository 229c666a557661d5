/**
 * Every class of risk, by every way of consent, in both revisions of MCP: what is enough for it is applied, and what is not
 * leads to the person's sign-in, and without that to nothing. The changes are examples of the tools, taken in turn.
 */
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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
  for (const risk of RISKS) expect(samples.get(risk)?.length, risk).toBeGreaterThanOrEqual(3);
});

describe.each(CASES)('$risk, a client of $revision: $way', ({ revision, mode, way, risk, index }) => {
  const isQuestion = way === 'a form' || way === 'the summary repeated';
  const isEnough = SLIGHT.includes(risk);

  it(isQuestion && !isEnough
    ? 'is not enough, and the person declines it on the page'
    : 'applies it once', async () => {
    const all = samples.get(risk) ?? [];
    const sample = all[(index * 2 + (revision === '2026-07-28' ? 1 : 0)) % all.length];
    if (sample === undefined) throw new Error(`there is no example of ${risk}`);
    // What a question is enough for goes to a person where the operator says so.
    const nas = await changeNas({
      hasWriter: isQuestion,
      approval: isQuestion ? 'page' : 'always',
      ...OPTIONS,
    });
    const questions: string[] = [];
    const client = await clientOf(nas, mode, way, questions);
    const answer = nas.call(client, 'plan_change', { tool: sample.tool, arguments: sample.args });
    const { data } = await answer;
    const change = { plan: String(data['plan']), summary: String(data['summary']) };
    const called = nas.call(client, 'apply_change', change);
    called.catch(() => {});
    if (isQuestion && !isEnough) {
      await atPage(nas, '/decline');
      expect((await called).text).toContain('a person declined it');
      expect(questions).toEqual([]);
      expect(nas.writes()).toEqual([]);
      return;
    }
    if (way === 'a page in the browser') await atPage(nas, '/apply');
    if (way === 'the terminal') await atTerminal(nas);
    expect((await called).text).toMatch(/^DONE/u);
    expect(nas.writes().map(({ method }) => method)).toEqual(sample.methods);
    expect(questions).toEqual(expectedQuestions(way, risk));
    const again = await nas.call(client, 'apply_change', change);
    expect(again.text).toContain('applied once at most');
  }, 40_000);
});

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
