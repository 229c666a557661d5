/**
 * `npm run evals`: puts the acceptance questions to a real model, through any MCP client that takes a prompt and prints an
 * answer, each on a simulated NAS of its own, and holds the answers against facts. It costs what the model costs: never in CI.
 *
 *     EVALS_CLIENT='claude -p {prompt} --mcp-config {config} --strict-mcp-config --allowedTools mcp__truenas' npm run evals
 *
 * `{prompt}` and `{config}` (a file with `mcpServers`) are put into the command, which starts without a shell; the key of the
 * model is the client's own affair, in its environment. Options: --only 1,7 (numbers of docs/acceptance.md), --show (answers),
 * --timeout SECONDS (300). The exit code is 1 when an answer is wrong.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load.mjs';

const cli = join(fileURLToPath(new URL('..', import.meta.url)), 'dist', 'cli.js');
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    show: { type: 'boolean', default: false },
    timeout: { type: 'string', default: '300' },
  },
});
const command = (process.env.EVALS_CLIENT ?? '').split(/\s+/).filter(Boolean);
if (process.env.CI) stop('evals cost money and are no test: they do not run in CI.');
if (command.length === 0 || !command.join(' ').includes('{prompt}'))
  stop("EVALS_CLIENT is missing, e.g. 'claude -p {prompt} --mcp-config {config}'.");

const { evalsOf, problemsOf, startSimulator } = await loadTypeScript('test/acceptance/evals.ts');
const ids = options.only.split(',').filter(Boolean).map(Number);
const evals = evalsOf(ids);
if (evals.length === 0) stop(`--only ${options.only} names no question with an answer in words.`);
let failed = 0;
for (const each of evals) {
  const { answer, calls, seconds, error } = await ask(each);
  const problems = error === undefined ? problemsOf(each, answer) : [error];
  if (problems.length > 0) failed += 1;
  print(
    `${problems.length === 0 ? 'ok    ' : 'WRONG '} ${each.id} ${each.asked} (${calls} calls, ${seconds} s)`,
  );
  for (const problem of problems) print(`         ${problem}`);
  if (options.show) print(answer.replaceAll(/^/gm, '       | '));
}
print(`${evals.length - failed} of ${evals.length} answers hold.`);
process.exitCode = failed === 0 ? 0 : 1;

/** One question on a NAS of its own. */
async function ask({ asked, world }) {
  const folder = mkdtempSync(join(tmpdir(), 'truenas-evals-'));
  const simulator = await startSimulator({ world });
  const audit = join(folder, 'audit.jsonl');
  const startedMs = performance.now();
  try {
    const config = join(folder, 'mcp.json');
    writeFileSync(config, JSON.stringify({ mcpServers: { truenas: serverOf(simulator, audit) } }), {
      mode: 0o600,
    });
    const { answer, error } = await run(command.map((part) => filled(part, { prompt: asked, config })));
    return {
      answer,
      error,
      calls: callsIn(audit),
      seconds: Math.round((performance.now() - startedMs) / 1000),
    };
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function serverOf({ url, username, apiKey, fingerprint }, audit) {
  return {
    command: process.execPath,
    args: [cli],
    env: {
      TRUENAS_URL: url,
      TRUENAS_USERNAME: username,
      TRUENAS_API_KEY: apiKey,
      TRUENAS_TLS_FINGERPRINT: fingerprint,
      TRUENAS_AUDIT_FILE: audit,
    },
  };
}

function filled(part, { prompt, config }) {
  return part.replaceAll('{prompt}', () => prompt).replaceAll('{config}', () => config);
}

/** What the client prints; the answers of a model are on stdout. */
function run([program, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const timer = setTimeout(() => child.kill(), Number(options.timeout) * 1000);
    let answer = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (answer += text));
    child.on('error', (error) => resolve({ answer, error: `the client did not start: ${error.message}` }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const ended = signal === null ? `code ${code}` : signal;
      resolve({ answer, error: code === 0 ? undefined : `the client ended with ${ended}` });
    });
  });
}

function callsIn(audit) {
  if (!existsSync(audit)) return 0;
  return readFileSync(audit, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"tool":')).length;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function stop(why) {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
