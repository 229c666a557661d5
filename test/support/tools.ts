/** Runs tools as the server does (input schema, confined client, output schema) against a simulated NAS. */
import { setMaxListeners } from 'node:events';
import { afterAll, beforeAll } from 'vitest';
import { meantArguments } from '../../src/output/meant-arguments.ts';
import { inputProblems, problemText } from '../../src/output/problem.ts';
import { confine } from '../../src/access/confined-client.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from 'truenas-simulator';
import { type AnyReadTool, KIND_TOOLS, READ_TOOLS } from './registry.ts';
import { openTrueNas, type ReadClient, type TrueNas } from '../../src/truenas/index.ts';
import { TrueNasError } from '../../src/truenas/errors.ts';
import { silentLog } from '../../src/truenas/log.ts';

/** A fixed moment, so that whole answers can be compared. */
export const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 0);

/** The curated tools, and those over kinds once for each kind: those of the toolset `api` have tests of their own. */
export const CURATED_TOOLS: readonly AnyReadTool[] = [
  ...READ_TOOLS.filter((tool) => tool.toolset !== 'api' && tool.toolset !== 'items'),
  ...KIND_TOOLS,
];

/** The name that a client calls it by: the tools over one kind share theirs. */
export function calledName(name: string): string {
  return name.split(' ')[0] ?? name;
}

/** What a tool answered. */
export interface Answer {
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly data: any; // oxlint-disable-line typescript/no-explicit-any
}

/** Tools against one NAS. */
export interface ToolBench {
  readonly simulator: Simulator;
  readonly nas: ReadClient;
  /** What a model would read: the answer's text, or the text of the error. */
  ask(name: string, args?: Record<string, unknown>): Promise<string>;
  /** Text and data, checked against the output schema. @throws what the tool throws */
  answer(name: string, args?: Record<string, unknown>): Promise<Answer>;
}

/** A bench for the tests of a file or `describe`; the NAS is started before them and closed after. */
export function useTools(options: SimulatorOptions = {}): ToolBench {
  let simulator: Simulator | undefined;
  let client: TrueNas | undefined;
  beforeAll(async () => {
    simulator = await startSimulator({ now: () => NOW_MS, ...options });
    const { url, apiKey, username, fingerprint } = simulator;
    client = openTrueNas({
      url,
      apiKey,
      username,
      tls: { fingerprintSha256: fingerprint },
      timeoutMs: 30_000,
      log: silentLog,
    });
  });
  afterAll(async () => {
    await client?.close();
    await simulator?.close();
  });
  const nas = (): ReadClient => {
    if (client === undefined) throw new Error('the NAS is not started yet');
    return client.read;
  };
  return {
    get simulator() {
      if (simulator === undefined) throw new Error('the NAS is not started yet');
      return simulator;
    },
    get nas() {
      return nas();
    },
    ask: (name, args = {}) => askTool(nas(), name, args),
    answer: (name, args = {}) => runTool(nas(), toolNamed(name), args),
  };
}

/** The tool of this name. */
export function toolNamed(name: string): AnyReadTool {
  const tool = [...READ_TOOLS, ...KIND_TOOLS].find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
}

/** The text of an answer or of the error. */
export async function askTool(
  nas: ReadClient,
  name: string,
  args: Record<string, unknown> = {},
): Promise<string> {
  const tool = toolNamed(name);
  const meant = meantArguments(tool.input, args, tool.synonyms);
  const input = tool.input.safeParse(meant);
  if (!input.success) return inputProblems(input.error, tool, meant);
  try {
    return (await runTool(nas, tool, input.data)).text;
  } catch (error) {
    return problemText(error);
  }
}

/** The same NAS for an account that may not call some of its methods. */
export function refusing(nas: ReadClient, ...methods: readonly string[]): ReadClient {
  return {
    ...nas,
    origin: undefined,
    call(method, params, options) {
      if (!methods.includes(method)) return nas.call(method, params, options);
      const nextStep = 'Use another key.';
      const parts = { summary: 'Not authorized.', nextStep, method };
      return Promise.reject(new TrueNasError('not-authorized', parts));
    },
  };
}

/** Runs a tool on a client confined to what it declares. */
export async function runTool(
  nas: ReadClient,
  tool: AnyReadTool,
  args: Record<string, unknown> = {},
): Promise<Answer> {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const context = { signal, now: () => NOW_MS };
  const answer = await tool.run(
    confine(nas, tool.uses),
    tool.input.parse(meantArguments(tool.input, args, tool.synonyms)),
    context,
  );
  tool.output.parse(answer.data);
  return answer;
}
