/**
 * The end of the demo's tour: a change is planned, approved by the demo in the place of the person, seen on the NAS, and taken
 * back. The approval is the real one: the page of the server, with a sign-in to the simulated NAS.
 */
import type { Client } from '@modelcontextprotocol/client';
import type { Simulator } from 'truenas-simulator';
import * as z from 'zod';
import { REFUSED, SHOWN } from './approval-socket.ts';

/** How the tour is told. */
export type Print = (text: string) => void;

const PLAN = z.object({ plan: z.string(), summary: z.string() });

/** Asks for a change and its undo, and prints both; true when both were applied. */
export async function changeTour(client: Client, print: Print): Promise<boolean> {
  const call = async (tool: string, args: Record<string, unknown>) => {
    print(`> ${tool} ${JSON.stringify(args)}`);
    const result = await client.callTool({ name: tool, arguments: args });
    for (const block of result.content) if (block.type === 'text') print(block.text);
    return { data: result.structuredContent, isGood: result.isError !== true };
  };
  const planAndApply = async (question: string, tool: string, args: Record<string, unknown>) => {
    print(`? ${question}`);
    const { plan, summary } = PLAN.parse((await call(tool, args)).data);
    const { isGood } = await call('apply_change', { plan, summary });
    print('');
    return { plan, isGood };
  };
  const quota = { tool: 'update_dataset', arguments: { dataset: 'tank/home/carol', quota: '600G' } };
  const done = await planAndApply(
    'Carol is running out of room: give her 100 GiB more.',
    'plan_change',
    quota,
  );
  const undone = await planAndApply('On second thoughts, take that back.', 'undo_change', {
    change: done.plan,
  });
  return done.isGood && undone.isGood;
}

/** Makes the client's person sign in and approve whatever page the server asks to be opened. */
export function approveAs(client: Client, { person }: Pick<Simulator, 'person'>, print: Print): void {
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    if (params.mode !== 'url') return { action: 'decline' };
    const url = new URL(params.url);
    print(
      '! The server asks for a person. You would now sign in on its page, in your browser; the demo does it for you.',
    );
    const shown = SHOWN.or(REFUSED).parse(
      await post(url, '/sign-in', { plan: url.pathname.slice(1), ...person }),
    );
    if ('problem' in shown) {
      print(`! ${shown.problem}`);
      return { action: 'cancel' };
    }
    print(`! Signed in as ${shown.account}, reads "${shown.preview.summary}", and clicks Apply.`);
    await post(url, '/apply', { token: shown.token, hash: shown.hash });
    return { action: 'accept' };
  });
}

async function post(page: URL, path: string, body: object): Promise<unknown> {
  const response = await fetch(new URL(path, page), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page.origin },
    body: JSON.stringify(body),
  });
  return response.json();
}
