/**
 * `truenas-mcp approve`: shows the changes that wait for a person, of every MCP server of this user on this machine, and
 * lets the person apply or decline them after a sign-in to the NAS. The sign-in is the proof; what is typed goes to the
 * server that made the plan, over a socket that only its owner can open, and from there to the NAS.
 */
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { z } from 'zod';
import { checkSocketFolder, socketFolder } from '../changes/approval/places.ts';
import { formatInstant } from '../output/time.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const PLANS = z.object({
  plans: z.array(z.object({ id: z.string(), system: z.string(), expiresAtMs: z.number() })),
});
const TEXTS = z.array(z.string());
const SHOWN = z.object({
  token: z.string(),
  hash: z.string(),
  system: z.string(),
  account: z.string(),
  preview: z.object({
    summary: z.string(),
    risk: z.string(),
    reasons: TEXTS,
    calls: TEXTS,
    diff: TEXTS,
    impact: TEXTS,
    undo: TEXTS,
    obstacles: TEXTS,
  }),
  moved: TEXTS,
  missingRoles: TEXTS,
  wasDeclined: z.boolean(),
});
type Shown = z.output<typeof SHOWN>;
const REFUSED = z.object({ problem: z.string(), needsCode: z.boolean().optional() });
const ENDED = z.object({ kind: z.string(), text: z.string().optional() });

/** A plan, and the socket of the process that made it. */
interface Waiting {
  readonly id: string;
  readonly system: string;
  readonly expiresAtMs: number;
  readonly socket: string;
}

/** Runs the command; the exit code is 0 when a change was applied or none waits. */
export async function approve(
  terminal: Terminal = openTerminal(),
  folder: string = socketFolder(),
): Promise<number> {
  try {
    const waiting = await plansOf(folder);
    const chosen = await choose(terminal, waiting);
    return chosen === undefined ? 0 : await decide(terminal, chosen);
  } finally {
    terminal.close();
  }
}

async function choose(terminal: Terminal, waiting: readonly Waiting[]): Promise<Waiting | undefined> {
  const [only] = waiting;
  if (only === undefined) {
    terminal.say('No change waits for approval.');
    return undefined;
  }
  terminal.say(waiting.length === 1 ? 'One change waits:' : `${waiting.length} changes wait:`);
  for (const [index, { id, system, expiresAtMs }] of waiting.entries())
    terminal.say(`${index + 1}. ${id} for ${system}, until ${formatInstant(expiresAtMs)}`);
  if (waiting.length === 1) return only;
  const answer = Number(await terminal.ask('Which one? '));
  const chosen = waiting[answer - 1];
  if (chosen === undefined) terminal.say('No such change.');
  return chosen;
}

async function decide(terminal: Terminal, { id, socket }: Waiting): Promise<number> {
  terminal.say('Sign in to the NAS to see it. What you type is used once and not kept.');
  const shown = await signIn(terminal, id, socket);
  if (shown === undefined) return 1;
  for (const line of linesOf(shown)) terminal.say(line);
  const obstacles = [...shown.preview.obstacles, ...shown.moved, ...shown.missingRoles];
  if (obstacles.length > 0) {
    terminal.say('It cannot be applied.');
    await post(socket, '/decline', { token: shown.token });
    return 1;
  }
  const answer = (await terminal.ask('Apply it? Type "apply", or anything else to decline: ')).trim();
  const path = answer === 'apply' ? '/apply' : '/decline';
  const { token, hash } = shown;
  const body = path === '/apply' ? { token, hash } : { token };
  const ended = ENDED.or(REFUSED).parse(await post(socket, path, body));
  terminal.say('problem' in ended ? ended.problem : (ended.text ?? 'Declined. Nothing was changed.'));
  return 'kind' in ended && ended.kind === 'applied' ? 0 : 1;
}

async function signIn(terminal: Terminal, plan: string, socket: string): Promise<Shown | undefined> {
  const username = (await terminal.ask('User of the NAS: ')).trim();
  const password = await terminal.askHidden('Password: ');
  let answer = SHOWN.or(REFUSED).parse(await post(socket, '/sign-in', { plan, username, password }));
  if ('problem' in answer && answer.needsCode === true) {
    const code = (await terminal.ask('One-time code: ')).trim();
    answer = SHOWN.or(REFUSED).parse(await post(socket, '/sign-in', { plan, username, password, code }));
  }
  if (!('problem' in answer)) return answer;
  terminal.say(answer.problem);
  return undefined;
}

function linesOf({ preview, system, account, moved, missingRoles, wasDeclined }: Shown): string[] {
  return [
    '',
    preview.summary,
    `  NAS:    ${system}, as ${account}`,
    `  risk:   ${[preview.risk, ...preview.reasons].join('; ')}`,
    ...preview.calls.map((call, index) => `  ${index + 1}. ${call}`),
    ...preview.diff.map((line) => `  diff:   ${line}`),
    ...preview.impact.map((line) => `  impact: ${line}`),
    ...preview.undo.map((line) => `  undo:   ${line}`),
    ...preview.obstacles.map((line) => `  CANNOT BE APPLIED: ${line}`),
    ...moved.map((name) => `  CANNOT BE APPLIED: ${name} has changed since this was planned.`),
    ...missingRoles.map((role) => `  CANNOT BE APPLIED: your account lacks the role ${role}.`),
    ...(wasDeclined ? ['  It was declined within the last hour.'] : []),
    '',
  ];
}

/** Plans of every server of this user; one that has died has left its socket behind. */
async function plansOf(folder: string): Promise<Waiting[]> {
  const all = await Promise.all(
    (await sockets(folder)).map(async (socket) => {
      try {
        const { plans } = PLANS.parse(await call(socket, 'GET', '/plans'));
        return plans.map((plan) => ({ ...plan, socket }));
      } catch {
        return [];
      }
    }),
  );
  return all.flat();
}

async function sockets(folder: string): Promise<string[]> {
  if (process.platform === 'win32') {
    const pipes = await readdir('\\\\.\\pipe\\').catch(() => []);
    return pipes.filter((name) => /^truenas-mcp-\d+$/.test(name)).map((name) => `\\\\.\\pipe\\${name}`);
  }
  const names = await readdir(folder).catch(() => []);
  // A password is typed into these: sockets that another user laid there are none.
  if (names.length > 0) await checkSocketFolder(folder);
  return names.filter((name) => name.endsWith('.sock')).map((name) => `${folder}/${name}`);
}

function post(socket: string, path: string, body: object): Promise<unknown> {
  return call(socket, 'POST', path, body);
}

function call(socketPath: string, method: string, path: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    const asked = request({ socketPath, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
