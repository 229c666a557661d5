/** The built program, killed at each step of a change, or with a full disk: what it did is told afterwards. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator, type Simulator } from 'truenas-simulator';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../src/truenas/log.ts';
import { openWriteSession } from '../../src/truenas/write-session.ts';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { contentText, mcpLine } from '../support/mcp-line.ts';
import { bareEnv, runCli, serverEnv, startCli } from '../support/processes.ts';

beforeAll(() => ensureBuilt());

interface Place {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A NAS with a key for reading and one for changes, and a folder for journal and audit. */
async function place(): Promise<Place> {
  const roles = ['READONLY_ADMIN', 'SNAPSHOT_WRITE', 'SNAPSHOT_DELETE'];
  const [simulator, folder] = await Promise.all([
    startSimulator({ roles }),
    mkdtemp(join(tmpdir(), 'interrupted-')),
  ]);
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { url, fingerprint, username, apiKey, person } = simulator;
  const target = { url, tls: { fingerprintSha256: fingerprint }, timeoutMs: 10_000, log: silentLog };
  const session = await openWriteSession(target, { kind: 'person', ...person });
  const made = Object(await session.write.write('api_key.create', [{ name: 'reading', username }]));
  await session.close();
  const env = serverEnv(
    { url, apiKey: String(made.key), username, fingerprint, caFile: '' },
    {
      TRUENAS_ACCESS: 'operate',
      TRUENAS_STATE_DIR: folder,
      TRUENAS_WRITE_API_KEY: apiKey,
      TRUENAS_WRITE_USERNAME: username,
    },
  );
  return { simulator, folder, env };
}

const SNAPSHOT = { name: 'create_snapshot', arguments: { dataset: 'tank/media', name: 'before' } };
const snapshots = ({ simulator }: Place) =>
  simulator.calls().filter(({ method }) => method === 'pool.snapshot.create');

async function list({ env }: Place): Promise<string> {
  const child = startCli([], env);
  const line = mcpLine(child);
  await line.initialize();
  const { result } = await line.request('tools/call', { name: 'list_changes', arguments: {} });
  child.process.stdin.end();
  await child.ended;
  return contentText(result);
}

/** Waits for a text in a file. */
async function holds(file: string, text: string): Promise<void> {
  while (!(await readFile(file, 'utf8').catch(() => '')).includes(text)) await sleep(1);
}

it.each([
  [
    'when it has noted what it intends',
    'audit.jsonl',
    'change.intent',
    /outcome unknown|No changes|applied/u,
  ],
  ['when it has noted it in the journal', 'journal.jsonl', '"intent"', /outcome unknown|applied/u],
  ['when it has noted the call', 'audit.jsonl', 'change.call', /outcome unknown|applied/u],
  ['while the NAS works', 'journal.jsonl', '"sending"', /outcome unknown/u],
  ['when the NAS has answered', 'audit.jsonl', 'change.answer', /outcome unknown|applied/u],
  ['when it has noted the end', 'audit.jsonl', 'change.outcome', /outcome unknown|applied/u],
  ['when all is done', 'journal.jsonl', '"end"', /applied/u],
])(
  'killed %s, it tells the change after the restart, and the audit is whole',
  async (step, file, text, told) => {
    const nas = await place();
    const isHeld = step === 'while the NAS works';
    if (isHeld) nas.simulator.control.next('pool.snapshot.create', { kind: 'silence' });
    const child = startCli([], nas.env);
    const line = mcpLine(child);
    await line.initialize();
    line.send('tools/call', SNAPSHOT);
    await holds(join(nas.folder, file), text);
    while (isHeld && snapshots(nas).length === 0) await sleep(1);
    child.process.kill('SIGKILL');
    expect(await child.ended).toBe('SIGKILL');
    const sent = snapshots(nas).length;
    expect(sent).toBeLessThanOrEqual(1);
    const changes = await list(nas);
    expect(changes).toMatch(told);
    // What reached the NAS is never passed over.
    expect(sent === 0 || changes.includes('Take snapshot tank/media@before')).toBe(true);
    expect(snapshots(nas)).toHaveLength(sent);
    const { code, stdout } = await runCli(['audit', 'verify', join(nas.folder, 'audit.jsonl')]);
    expect({ code, stdout }).toMatchObject({ code: 0 });
  },
);

/** A limit on the size of files stands for a full disk: what goes beyond it is not written, and fails. */
it.skipIf(process.platform === 'win32').each([0, 300, 700, 1_100, 1_500, 4_000])(
  'with a disk that is full after %i bytes, nothing is changed unnoted',
  async (room) => {
    const nas = await place();
    const limit = 64 * 1024;
    const read = `${JSON.stringify({ event: 'call', pad: 'x'.repeat(limit - room - 26) })}\n`;
    const audit = join(nas.folder, 'audit.jsonl');
    await writeFile(audit, read, { mode: 0o600 });
    const limited = ['-c', `ulimit -f 64; exec "${process.execPath}" "${builtCli}"`];
    const child = startCli([], nas.env, { command: 'bash', args: limited });
    const line = mcpLine(child);
    await line.initialize();
    const { result } = await line.request('tools/call', SNAPSHOT);
    const text = contentText(result);
    child.process.stdin.end();
    await child.ended;
    const isSent = snapshots(nas).length > 0;
    expect(text).toMatch(isSent ? /^DONE/u : /^(?:NOTHING WAS SENT|FAILED, nothing was changed)/u);
    const noted = await readFile(audit, 'utf8');
    const isUnnoted = isSent && !noted.includes('change.outcome');
    expect(text.includes('NOT NOTED')).toBe(isUnnoted || /^FAILED/u.test(text));
    const { code } = await runCli(['audit', 'verify', audit], bareEnv());
    expect(code).toBe(0);
  },
);
