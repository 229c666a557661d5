/** Tokens (o200k) that tool lists and typical answers cost a model, counted on a simulated NAS whose clock stands still. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { derivedDefinitions } from '../../src/mcp/derived-definitions.ts';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { createChangeEngine } from '../../src/changes/engine.ts';
import { createJournal } from '../../src/changes/journal.ts';
import { planText } from '../../src/changes/preview.ts';
import { planOf } from '../../src/mcp/call/change-call.ts';
import { meantArguments } from '../../src/output/meant-arguments.ts';
import type { ChangeTool, Example } from '../../src/tools/define.ts';
import type { ReadClient } from '../../src/truenas/client.ts';
import { createAccess } from '../../src/access/reader.ts';
import { createRunner } from '../../src/mcp/call/run.ts';
import { isListed } from '../../src/mcp/tool-definitions.ts';
import { entryFor, grantedTools } from '../../src/mcp/tool-registry.ts';
import { DEFAULT_BUDGET_TOKENS } from '../../src/output/budget.ts';
import { createRedactor, type Redactor } from '../../src/output/redact/redactor.ts';
import { ACCESS_LEVELS, type AccessLevel } from '../../src/policy/levels.ts';
import { startSimulator } from 'truenas-simulator';
import { TOOLSET_NAMES, type ToolsetName } from '../../src/tools/toolset.ts';
import { ALL_TOOLS } from './all-tools.ts';
import { openTrueNas, silentLog } from '../../src/truenas/index.ts';
import { openWriteSession } from '../../src/truenas/write-session.ts';

/** Token counts, as test/docs/token-budgets.json holds them. */
export interface TokenCosts {
  /** Of a whole `tools/list` result, by access level and toolset (`all`: all of them). */
  readonly lists: Readonly<Record<string, number>>;
  /** Of the text that each tool answers to its typical call. */
  readonly answers: Readonly<Record<string, number>>;
}

/** What `plan_change` alone reaches costs a conversation nothing. */
const LISTED = (await derivedDefinitions()).filter((tool) => isListed(tool, {}));

const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 0);

/** Tokens of a whole `tools/list` result. */
export function listTokens(
  access: AccessLevel,
  toolsets: readonly ToolsetName[],
  isShortList = false,
): number {
  const tools = grantedTools(LISTED, { access, toolsets })
    .filter((tool) => isListed(tool, { isShortList }))
    .map((tool) => entryFor(tool, toolsets));
  return countTokens(JSON.stringify({ tools }));
}

/** Counts everything. @throws when the first example of a tool fails */
export async function measureTokenCosts(): Promise<TokenCosts> {
  return { lists: listCosts(), answers: await answerCosts() };
}

function listCosts(): Record<string, number> {
  return Object.fromEntries(
    ACCESS_LEVELS.flatMap((access) => [
      [`${access} default`, listTokens(access, TOOLSET_NAMES, true)],
      [`${access} all`, listTokens(access, TOOLSET_NAMES)],
      ...TOOLSET_NAMES.map((toolset) => [`${access} ${toolset}`, listTokens(access, [toolset])]),
    ]),
  );
}

async function answerCosts(): Promise<Record<string, number>> {
  const now = () => NOW_MS;
  const { signal } = new AbortController();
  const simulator = await startSimulator({ now });
  const { url, apiKey, username, fingerprint } = simulator;
  const nas = openTrueNas({
    url,
    apiKey,
    username,
    tls: { fingerprintSha256: fingerprint },
    timeoutMs: 30_000,
    log: silentLog,
  });
  const redactor = createRedactor({ ownSecrets: [apiKey] });
  const run = createRunner({
    redacted: (value) => value,
    nas: createAccess({ systems: ['nas'], open: async () => nas }, redactor),
    now,
    log: silentLog,
    budgetTokens: DEFAULT_BUDGET_TOKENS,
  });
  const answers: Record<string, number> = {};
  const plan = await planner(nas.read, redactor, now);
  for (const tool of ALL_TOOLS) {
    const [{ args, given = [] }] = tool.examples;
    // The answers of engine tools are those of the tools that they drive.
    if (tool.kind === 'engine') continue;
    if (tool.kind === 'change') {
      answers[tool.name] = countTokens(
        given.length === 0 ? await plan(tool, args) : await planGiven(tool, args, given),
      );
      continue;
    }
    const { content, isError } = await run({
      subject: { kind: 'tool', tool },
      args,
      caller: LOCAL_CALLER,
      signal,
    });
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
    if (isError === true) throw new Error(`the first example of ${tool.name} fails: ${text}`);
    answers[tool.name] = countTokens(text);
  }
  await nas.close();
  await simulator.close();
  return answers;
}

/** Plans it on a NAS of its own, where other changes were made before. */
async function planGiven(
  tool: ChangeTool,
  args: unknown,
  given: NonNullable<Example['given']>,
): Promise<string> {
  const now = () => NOW_MS;
  const simulator = await startSimulator({ now });
  const { url, apiKey, username, fingerprint, person } = simulator;
  const target = { url, tls: { fingerprintSha256: fingerprint }, timeoutMs: 30_000, log: silentLog };
  const nas = openTrueNas({ ...target, apiKey, username });
  const session = await openWriteSession(target, { kind: 'person', ...person });
  for (const { tool: name, args: earlier } of given) {
    const maker = ALL_TOOLS.find((each) => each.name === name);
    if (maker?.kind !== 'change') throw new Error(`no change tool ${name}`);
    const input = maker.input.parse(meantArguments(maker.input, earlier, maker.synonyms));
    const { calls } = await maker.plan(nas.read, input, { now });
    for (const { method, params } of calls) await session.write.write(method, params);
  }
  const plan = await planner(nas.read, createRedactor({ ownSecrets: [apiKey] }), now);
  const text = await plan(tool, args);
  await session.close();
  await nas.close();
  await simulator.close();
  return text;
}

/** Plans a change tool's call; the answer is its preview. Nothing can be applied: there is no writer. */
async function planner(read: ReadClient, redactor: Redactor, now: () => number) {
  const access = createAccess(
    {
      systems: ['nas'],
      open: async () => ({ read, events: { subscribe: () => Promise.reject(new Error('none')) } }),
    },
    redactor,
  );
  const engine = createChangeEngine({
    nas: access,
    writers: { current: async () => undefined, adopt() {}, hold: () => () => {}, release() {} },
    rules: { access: 'destroy', scope: undefined, protect: [], allowsCode: false },
    approval: 'page',
    audit: undefined,
    journal: createJournal({ folder: undefined, redact: (value) => value }),
    log: silentLog,
    now,
  });
  const { signal } = new AbortController();
  return async (tool: ChangeTool, args: unknown): Promise<string> => {
    const input = tool.input.parse(meantArguments(tool.input, args, tool.synonyms));
    const asker = { system: 'nas', caller: LOCAL_CALLER, signal };
    return planText(await engine.plan(asker, planOf(tool, input, { now })), '');
  };
}
