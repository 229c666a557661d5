/**
 * `truenas-mcp approve`: shows the changes that wait for a person, of every MCP server of this user on this machine, and
 * lets the person apply or decline them after a sign-in to the NAS. The sign-in is the proof; what is typed goes to the
 * server that made the plan, over a socket that only its owner can open, and from there to the NAS.
 */
import { socketFolder } from '../changes/approval/places.ts';
import { ROLES_PLACE } from '../policy/role-advice.ts';
import { formatInstant } from '../output/time.ts';
import { ENDED, plansOf, post, REFUSED, SHOWN, type Shown, type Waiting } from './approval-socket.ts';
import { isApiKey } from '../truenas/api-key.ts';
import { openTerminal, type Terminal, TerminalClosed } from './terminal.ts';

/** Runs the command; the exit code is 0 when a change was applied or none waits. */
export async function approve(
  terminal: Terminal = openTerminal(),
  folder: string = socketFolder(),
): Promise<number> {
  try {
    const waiting = await plansOf(folder);
    const chosen = await choose(terminal, waiting);
    return chosen === undefined ? 0 : await decide(terminal, chosen);
  } catch (error) {
    if (!(error instanceof TerminalClosed)) throw error;
    terminal.say('Closed: nothing was changed, and the change still waits.');
    return 1;
  } finally {
    terminal.close();
  }
}

/**
 * Lets the person at the terminal decide about one plan, as `approve` does; false when it waits on undecided.
 * @throws TerminalClosed when they go without an answer
 */
export async function approvePlan(
  terminal: Terminal,
  id: string,
  folder: string = socketFolder(),
): Promise<boolean> {
  const waiting = async () => (await plansOf(folder)).find((each) => each.id === id);
  const plan = await waiting();
  if (plan === undefined) {
    terminal.say('The change waits for approval, but no terminal reaches it.');
    return false;
  }
  await decide(terminal, plan);
  return (await waiting()) === undefined;
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
  terminal.say('Sign in to the NAS to see it. What you type goes to the NAS, is used once and not kept.');
  const shown = await signIn(terminal, id, socket);
  if (shown === undefined) return 1;
  const { token } = shown;
  let isEnded = false;
  const end = async (path: '/apply' | '/decline', body: object): Promise<number> => {
    isEnded = true;
    const ended = ENDED.or(REFUSED).parse(await post(socket, path, { token, ...body }));
    terminal.say('problem' in ended ? ended.problem : (ended.text ?? 'Declined. Nothing was changed.'));
    return 'kind' in ended && ended.kind === 'applied' ? 0 : 1;
  };
  try {
    for (const line of linesOf(shown)) terminal.say(line);
    if ([...shown.preview.obstacles, ...shown.moved, ...shown.missingRoles].length > 0) {
      terminal.say('It cannot be applied.');
      return 1;
    }
    const answer = (await terminal.ask('Apply it? Type "apply", or anything else to decline: ')).trim();
    if (answer !== 'apply') return await end('/decline', {});
    const secrets = await typedSecrets(terminal, shown);
    if (secrets === undefined) return 1;
    return await end('/apply', { hash: shown.hash, secrets });
  } finally {
    // Whoever goes without an answer has not declined: the change waits on, their connection to the NAS does not.
    if (!isEnded) await post(socket, '/leave', { token });
  }
}

/** How often a person may mistype a secret. */
const SECRET_TRIES = 3;

/** The secrets that the change needs, by key; undefined when they were not given. */
async function typedSecrets(
  terminal: Terminal,
  { secrets }: Shown,
): Promise<Record<string, string> | undefined> {
  const values: Record<string, string> = {};
  for (const { key, label, isNew } of secrets) {
    const value = await typedSecret(terminal, label, isNew);
    if (value === undefined) {
      terminal.say(
        `Without the ${label} it cannot be applied. Nothing was changed, and the change still waits.`,
      );
      return undefined;
    }
    values[key] = value;
  }
  return values;
}

async function typedSecret(terminal: Terminal, label: string, isNew: boolean): Promise<string | undefined> {
  for (let tries = 0; tries < SECRET_TRIES; tries += 1) {
    const value = await terminal.askHidden(`${isNew ? 'New ' : ''}${label}: `);
    if (value === '') {
      terminal.say('Nothing was typed.');
      continue;
    }
    if (!isNew || (await terminal.askHidden(`${label}, again: `)) === value) return value;
    terminal.say('The two are not the same.');
  }
  return undefined;
}

async function signIn(terminal: Terminal, plan: string, socket: string): Promise<Shown | undefined> {
  const username = (await terminal.ask('User of the NAS: ')).trim();
  const password = await terminal.askHidden('Password, or an API key of this user: ');
  if (username === '' || password === '') {
    terminal.say('A user and a password are needed.');
    return undefined;
  }
  const proof = isIssuedKey(password.trim()) ? { apiKey: password.trim() } : { password };
  let answer = SHOWN.or(REFUSED).parse(await post(socket, '/sign-in', { plan, username, ...proof }));
  if ('problem' in answer && answer.needsCode === true) {
    const code = (await terminal.ask('One-time code: ')).trim();
    answer = SHOWN.or(REFUSED).parse(await post(socket, '/sign-in', { plan, username, ...proof, code }));
  }
  if (!('problem' in answer)) return answer;
  terminal.say(answer.problem);
  return undefined;
}

/** A password could look like a key of an odd length; 64 letters and digits is what a NAS issues. */
function isIssuedKey(text: string): boolean {
  return isApiKey(text) && text.split('-', 2)[1]?.length === 64;
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
    ...preview.secrets.map((line) => `  secret: ${line}`),
    ...preview.obstacles.map((line) => `  CANNOT BE APPLIED: ${line}`),
    ...moved.map((name) => `  CANNOT BE APPLIED: ${name} has changed since this was planned.`),
    ...missingRoles.map(
      (role) =>
        `  CANNOT BE APPLIED: your account lacks the role ${role}. A privilege of one of its groups can have it: ${ROLES_PLACE}.`,
    ),
    ...(wasDeclined ? ['  It was declined within the last hour.'] : []),
    '',
  ];
}
