/**
 * `npm run first-minutes`: from nothing to the first useful answer, counted. A clone of this repository in a fresh folder, a
 * home folder with nothing in it, Node and git alone on the PATH; the README's commands as written, with the flags that
 * answer for a person; a simulated TrueNAS in place of a real one; and a foreign MCP client, started from the very
 * configuration that was written, asks whether the NAS is well. What npm downloads comes from its cache where that has it.
 *
 * Options: --json FILE (a report for .ci/run), --limit SECONDS (120).
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: { json: { type: 'string' }, limit: { type: 'string', default: '120' } },
});

const folder = mkdtempSync(join(tmpdir(), 'first-minutes-'));
const clone = join(folder, 'truenas-mcp-server');
const home = join(folder, 'home');
const IS_WINDOWS = process.platform === 'win32';
const failures = [];
let passed = 0;
let simulator;
const startedMs = performance.now();
try {
  mkdirSync(home);
  const env = { ...bareEnvironment(), HOME: home, USERPROFILE: home };
  await step('git clone', () => run('git', ['clone', '--quiet', root, clone], env, folder));
  const commands = readmeCommands(readFileSync(join(clone, 'README.md'), 'utf8'));
  const setup = commands.pop();
  for (const command of commands) await step(command, () => shell(command, env, clone));
  simulator = await startSimulator(env);
  const flags = `--yes --url ${simulator.url} --tls-fingerprint ${simulator.fingerprint} --admin truenas_admin --client claude-code`;
  const administrator = { ...env, TRUENAS_ADMIN_PASSWORD: 'simulated-password' };
  await step(`${setup} --yes …`, () => shell(`${setup} ${flags}`, administrator, clone));
  await step('"Is my NAS OK?"', () => ask(env));
  await step(`${setup} --remove`, () =>
    shell(`${setup} --yes --remove --admin truenas_admin`, administrator, clone),
  );
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
} finally {
  simulator?.process.kill('SIGINT');
  if (simulator !== undefined) await once(simulator.process, 'close');
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
const seconds = Math.round((performance.now() - startedMs) / 1000);
if (failures.length === 0 && seconds > Number(options.limit))
  failures.push(`it took ${seconds} s, more than ${options.limit} s`);
print(
  failures.length === 0 ? `From nothing to an answer in ${seconds} s.` : `FAILED: ${failures.join('; ')}`,
);
if (options.json !== undefined)
  writeFileSync(options.json, JSON.stringify({ passed, failed: failures.length, failures, seconds }));
process.exitCode = failures.length === 0 ? 0 : 1;

/** Does a step and prints how long it took. */
async function step(name, work) {
  const beganMs = performance.now();
  const said = await work();
  passed += 1;
  print(`${((performance.now() - beganMs) / 1000).toFixed(1).padStart(6)} s  ${name}`);
  if (typeof said === 'string') print(said);
}

/** The commands of the README's block that sets up, one a line. */
function readmeCommands(readme) {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text.trim());
  const block = blocks.find((text) => /cli\.js setup$/m.test(text));
  if (block === undefined) throw new Error('the README has no block of commands that ends in setup');
  return block.split('\n');
}

/** Node, npm and git, what npm's scripts need to start at all, and where npm finds packages. */
function bareEnvironment() {
  const bin = join(folder, 'bin');
  const kept = ['SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LANG'];
  const env = Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const npm = (setting) =>
    execFileSync('npm', ['config', 'get', setting], { encoding: 'utf8', shell: IS_WINDOWS }).trim();
  const settings = {
    npm_config_cache: npm('cache'),
    npm_config_registry: npm('registry'),
    npm_config_userconfig: npm('userconfig'),
    npm_config_prefer_offline: 'true',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
    // A container often owns the checkout by another user.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  };
  if (IS_WINDOWS) return { ...env, ...settings, PATH: process.env.PATH };
  mkdirSync(bin);
  for (const name of ['node', 'npm', 'git', 'sh', 'env']) symlinkSync(pathOf(name), join(bin, name));
  return { ...env, ...settings, PATH: bin };
}

/** The program as the PATH of whoever runs this finds it. */
function pathOf(name) {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

/** Ends well, or fails with the end of what was printed. */
async function run(command, args, env, cwd, shell = false) {
  const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${output.trim().slice(-1500)}`);
}

function shell(command, env, cwd) {
  return run(command, [], env, cwd, true);
}

async function startSimulator(env) {
  const child = spawn(process.execPath, ['dist/cli.js', 'simulate', '--json'], {
    cwd: clone,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { ...JSON.parse(line), process: child };
}

/** Reads the configuration as a client does, starts what it names, and asks. */
async function ask(env) {
  const { mcpServers } = JSON.parse(readFileSync(join(home, '.claude.json'), 'utf8'));
  const { command, args, env: variables } = mcpServers.truenas;
  if (JSON.stringify(variables).includes('TRUENAS_API_KEY"'))
    throw new Error('the key stands in the configuration');
  const client = new Client({ name: 'first-minutes', version: '1' });
  await client.connect(
    new StdioClientTransport({ command, args, env: { PATH: env.PATH, HOME: home, ...variables } }),
  );
  try {
    const result = await client.callTool({ name: 'system_overview', arguments: {} });
    const text = result.content.map((block) => block.text).join('\n');
    if (result.isError === true || !/^(?:OK|INFO|WARNING|CRITICAL)\b/.test(text))
      throw new Error(`no verdict: ${text}`);
    return `          ${text.split('\n', 1)[0]}`;
  } finally {
    await client.close();
  }
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
