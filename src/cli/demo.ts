/**
 * `truenas-mcp demo`: a simulated TrueNAS, the real server as a child process, and a real MCP client that takes it through
 * a short tour over stdio: questions, then a change that is approved and taken back. What is printed is what a model would
 * ask and read.
 */
import { rm } from 'node:fs/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport, getDefaultEnvironment } from '@modelcontextprotocol/client/stdio';
import { loadConfig } from '../config/index.ts';
import type { Simulator } from 'truenas-simulator';
import { approveAs, changeTour } from './demo-change.ts';
import { type Launch, NPX_LAUNCH, clientSnippets } from './client-snippets.ts';
import { entryPath, ownCommand } from './entry-path.ts';
import { makeProcessFolder } from './process-folder.ts';
import { usageError } from './usage.ts';
import { IS_PUBLISHED, IS_STANDALONE, VERSION } from './version.ts';

/** One question of the tour. `args` may depend on what was answered before. */
interface Stop {
  readonly question: string;
  readonly tool: string;
  readonly args: (before: ReadonlyMap<string, unknown>) => Record<string, unknown>;
}

const TOUR: readonly Stop[] = [
  { question: 'Is everything all right?', tool: 'system_overview', args: () => ({}) },
  { question: 'How are the pools?', tool: 'list_pools', args: () => ({}) },
  {
    question: 'What is wrong with the degraded one?',
    tool: 'get_pool',
    args: (before) => ({ pool: degradedPool(before) }),
  },
  {
    question: 'Which datasets are the biggest?',
    tool: 'list_datasets',
    args: () => ({ sort: 'used', limit: 5 }),
  },
];

/** Takes the tour and prints it; the exit code. */
export async function demo(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const config = loadConfig({ argv, env, command: 'demo' });
  if (config.usageErrors.length > 0) return usageError('demo', config.usageErrors);

  const { startSimulator } = await import('truenas-simulator');
  const simulator = await startSimulator(config.simulator);
  const client = new Client(
    { name: 'truenas-mcp-demo', version: VERSION },
    { capabilities: { elicitation: { url: {} } } },
  );
  approveAs(client, simulator, print);
  // Journal and audit of the changes; without a folder nothing is changed.
  const stateFolder = await makeProcessFolder('truenas-mcp-demo');
  try {
    print(`A simulated TrueNAS ${simulator.release} is running at ${simulator.url}.`);
    await client.connect(serverProcess(simulator, stateFolder));
    const { tools } = await client.listTools();
    print(`The MCP server is connected over stdio and offers ${tools.length} tools. A model now asks:\n`);
    const isAnswered = await takeTour(client);
    const isChanged = await changeTour(client, print);
    printSnippets();
    return isAnswered && isChanged ? 0 : 1;
  } finally {
    await client.close();
    await simulator.close();
    await rm(stateFolder, { recursive: true, force: true });
  }
}

/** The server as any MCP client starts it: a child process, configured by environment. */
function serverProcess(simulator: Simulator, stateFolder: string): StdioClientTransport {
  const { command, args } = ownCommand();
  return new StdioClientTransport({
    command,
    args: [...args, 'serve'],
    env: {
      ...getDefaultEnvironment(),
      TRUENAS_URL: simulator.url,
      TRUENAS_USERNAME: simulator.username,
      TRUENAS_API_KEY: simulator.apiKey,
      TRUENAS_TLS_FINGERPRINT: simulator.fingerprint,
      TRUENAS_ACCESS: 'manage',
      TRUENAS_STATE_DIR: stateFolder,
      TRUENAS_LOG_LEVEL: 'error',
    },
    stderr: 'inherit',
  });
}

async function takeTour(client: Client): Promise<boolean> {
  const answers = new Map<string, unknown>();
  let isGood = true;
  for (const { question, tool, args } of TOUR) {
    const given = args(answers);
    const result = await client.callTool({ name: tool, arguments: given });
    answers.set(tool, result.structuredContent);
    if (result.isError === true) isGood = false;
    print(`? ${question}`);
    print(`> ${tool} ${JSON.stringify(given)}`);
    for (const block of result.content) if (block.type === 'text') print(block.text);
    print('');
  }
  return isGood;
}

/** The pool that `list_pools` calls degraded: what a model would look at next. */
function degradedPool(before: ReadonlyMap<string, unknown>): string {
  const answer = before.get('list_pools') as { rows?: { name?: unknown; status?: unknown }[] } | undefined;
  const degraded = answer?.rows?.find((pool) => pool.status === 'DEGRADED');
  return typeof degraded?.name === 'string' ? degraded.name : 'tank';
}

function printSnippets(): void {
  print('To use it with your TrueNAS, put one of these into your MCP client and fill in the four values.\n');
  for (const { client, where, text } of clientSnippets(currentLaunch()))
    print(`${client}, ${where}:\n\n${text}\n`);
  print('To try it without a NAS, add the argument --demo.');
}

/** The package by its name, where it was installed by that; this very program otherwise. */
function currentLaunch(): Launch {
  if (IS_STANDALONE) return ownCommand();
  const path = entryPath();
  return IS_PUBLISHED && /[\\/]node_modules[\\/]/.test(path) ? NPX_LAUNCH : { command: 'node', args: [path] };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
