/** The servers of this user on this machine, as a terminal reaches them: over sockets that only their owner can open. */
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import * as z from 'zod';
import { checkSocketFolder } from '../changes/approval/places.ts';

const PLANS = z.object({
  plans: z.array(z.object({ id: z.string(), system: z.string(), expiresAtMs: z.number() })),
});
const TEXTS = z.array(z.string());

/** The answer to a sign-in. */
export const SHOWN = z.object({
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
    secrets: TEXTS,
    obstacles: TEXTS,
  }),
  secrets: z.array(z.object({ key: z.string(), label: z.string(), isNew: z.boolean() })),
  moved: TEXTS,
  missingRoles: TEXTS,
  wasDeclined: z.boolean(),
});
export type Shown = z.output<typeof SHOWN>;

/** An answer that is no success. */
export const REFUSED = z.object({ problem: z.string(), needsCode: z.boolean().optional() });
/** The answer to apply and decline. */
export const ENDED = z.object({ kind: z.string(), text: z.string().optional() });

/** A plan, and the socket of the process that made it. */
export interface Waiting {
  readonly id: string;
  readonly system: string;
  readonly expiresAtMs: number;
  readonly socket: string;
}

/** Plans of every server of this user; one that has died has left its socket behind. @throws Error for a folder of others */
export async function plansOf(folder: string): Promise<Waiting[]> {
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

/** Sends what a person decided or typed. */
export function post(socket: string, path: string, body: object): Promise<unknown> {
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
