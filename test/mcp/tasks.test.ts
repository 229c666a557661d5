/** Changes that take long, as MCP tasks: for clients that declare them, answered by the process that started them. */
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requestChange } from '../../src/changes/request.ts';
import { type ChangeNas, type ChangeNasOptions, changeNas } from '../changes/support/change-nas.ts';
import { planned } from '../changes/support/plan-of.ts';

const EXTENSION = 'io.modelcontextprotocol/tasks';
const SCRUB = { tool: 'start_scrub', arguments: { pool: 'tank' } };
const METHOD = 'pool.scrub.run';

interface Reply {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A client of 2026-07-28 that writes its messages by hand: that of the SDK does not know tasks. */
async function handwritten(nas: ChangeNas, capabilities: object = { extensions: { [EXTENSION]: {} } }) {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await nas.serve(serverSide);
  const waiting = new Map<number, (reply: Reply) => void>();
  clientSide.onmessage = (message) => {
    if (!('method' in message) && typeof message.id === 'number') waiting.get(message.id)?.(message);
  };
  await clientSide.start();
  onTestFinished(() => clientSide.close());
  let last = 0;
  const ask = (method: string, params: object = {}): Promise<Reply> =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      const meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': capabilities,
      };
      void clientSide.send({ jsonrpc: '2.0', id: last, method, params: { ...params, _meta: meta } });
    });
  const state = async (taskId: unknown) => (await ask('tasks/get', { taskId })).result ?? {};
  return {
    ask,
    state,
    call: async (name: string, args: object) =>
      (await ask('tools/call', { name, arguments: args })).result ?? {},
    ended: async (taskId: unknown) => {
      await expect.poll(async () => (await state(taskId))['status'], { timeout: 15_000 }).not.toBe('working');
      return state(taskId);
    },
  };
}

/** A NAS on which whatever is not done within a moment becomes a task. */
async function start(options: ChangeNasOptions = {}) {
  const nas = await changeNas({ taskPatienceMs: 50, ...options });
  return { nas, client: await handwritten(nas) };
}

/** Asks for a job of the NAS, which takes half a second to start. */
async function running({ nas, client }: Started, fault: Fault = { kind: 'delay', ms: 500 }) {
  nas.simulator.control.next(METHOD, fault);
  const { structuredContent } = await client.call('plan_change', SCRUB);
  const { plan, summary } = Object(structuredContent);
  return client.call('apply_change', { plan, summary });
}

type Started = Awaited<ReturnType<typeof start>>;
type Fault = Parameters<ChangeNas['simulator']['control']['next']>[1];

describe('a change that takes long', () => {
  it('is a task for a client that declares them: a handle at once, the answer when it is there', async () => {
    const { nas, client } = await start();
    const handle = await running({ nas, client });
    expect(handle).toMatchObject({
      resultType: 'task',
      taskId: expect.stringMatching(/^[\w-]{32}$/u),
      status: 'working',
      ttlMs: 86_400_000,
      pollIntervalMs: 3000,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/u),
    });
    await expect
      .poll(async () => (await client.state(handle['taskId']))['statusMessage'])
      .toBe('check all data of tank');
    const ended = await client.ended(handle['taskId']);
    expect(ended).toMatchObject({
      resultType: 'complete',
      status: 'completed',
      result: {
        resultType: 'complete',
        content: [{ type: 'text', text: expect.stringContaining('DONE, and seen on the NAS afterwards') }],
        structuredContent: { state: 'applied' },
      },
    });
    expect(nas.writes().map(({ method }) => method)).toEqual([METHOD]);
  });

  it('is answered in full, however long it takes, to a client that does not declare them with the request', async () => {
    const nas = await changeNas({ taskPatienceMs: 50 });
    const client = await handwritten(nas, {});
    const answer = await running({ nas, client });
    expect(answer).toMatchObject({ resultType: 'complete', structuredContent: { state: 'applied' } });
  });

  it('that is done soon enough is answered at once', async () => {
    const { client } = await start({ taskPatienceMs: 10_000 });
    const answer = await client.call('create_snapshot', { dataset: 'tank/media', name: 'quick' });
    expect(answer).toMatchObject({ resultType: 'complete', structuredContent: { state: 'applied' } });
  });

  it('fails as a task that is completed with an error result', async () => {
    const { nas, client } = await start({ taskPatienceMs: 0 });
    const handle = await running({ nas, client }, { kind: 'job-fails', error: 'the disks are asleep' });
    expect(await client.ended(handle['taskId'])).toMatchObject({
      status: 'completed',
      result: { isError: true, content: [{ text: expect.stringContaining('the disks are asleep') }] },
    });
  });
});

describe('a task that waits for a person', () => {
  async function waiting() {
    const { nas, client } = await start({ approval: 'always' });
    const handle = await client.call('create_snapshot', { dataset: 'tank/media', name: 'by-hand' });
    const { taskId } = handle;
    expect(await client.state(taskId)).toMatchObject({
      status: 'working',
      statusMessage: 'waiting for a person to approve it',
    });
    const url = new URL(nas.openedUrls[0] ?? '');
    const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const headers = { 'content-type': 'application/json', origin: url.origin };
      const answer = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) });
      return Object(await answer.json());
    };
    return {
      nas,
      client,
      taskId,
      post,
      signIn: () => post('/sign-in', { plan: url.pathname.slice(1), ...nas.simulator.person }),
    };
  }

  it('is completed once the person has approved it', async () => {
    const { client, taskId, post, signIn } = await waiting();
    const { token, hash } = await signIn();
    await post('/apply', { token, hash });
    expect(await client.ended(taskId)).toMatchObject({
      status: 'completed',
      result: { content: [{ text: expect.stringContaining('DONE, and seen on the NAS afterwards') }] },
    });
  });

  it('is cancelled by the client: nothing is done, and the person cannot approve it any more', async () => {
    const { nas, client, taskId, post, signIn } = await waiting();
    const { token, hash } = await signIn();
    expect((await client.ask('tasks/cancel', { taskId })).result).toMatchObject({ resultType: 'complete' });
    expect(await client.state(taskId)).toMatchObject({
      status: 'cancelled',
      statusMessage: 'nothing was changed',
    });
    expect((await post('/apply', { token, hash }))['problem']).toContain('the client cancelled it');
    expect(nas.writes()).toEqual([]);
  });

  it('ends when nobody answers before the plan expires', async () => {
    const clock = { ms: Date.now() };
    const nas = await changeNas({ approval: 'always', now: () => clock.ms });
    const plan = await planned(nas, 'create_snapshot', { dataset: 'tank/media', name: 'late' });
    clock.ms = plan.expiresAtMs - 100;
    const { signal } = new AbortController();
    const ways = { canShowForm: false, canOpenUrl: false, signal, isPatient: true };
    expect(await requestChange(nas.engine, nas.approvals, plan, ways)).toMatchObject({
      kind: 'refused',
      reason: 'Nothing was changed: nobody answered before the plan expired.',
    });
  });
});

describe('as a task a change needs the consent that it needs without', () => {
  /** What a client might send to have its way without a person. */
  const YES = { change: { action: 'accept', content: { apply: true } } };
  const QUOTA = { dataset: 'tank/media', quota: '40T' };

  async function pushed({ nas, client }: Started, taskId: unknown): Promise<void> {
    for (const inputResponses of [YES, { apply: true }, {}])
      await client.ask('tasks/update', { taskId, inputResponses, requestState: 'forged' });
    for (const other of [`${String(taskId)}x`, String(taskId).toUpperCase(), '../x', '__proto__', '']) {
      const { error } = await client.ask('tasks/update', { taskId: other, inputResponses: YES });
      expect(error?.code).toBe(-32_602);
    }
    expect(nas.writes()).toEqual([]);
  }

  it.each([
    ['exposes', 'create_share', { kind: 'nfs', path: '/mnt/tank/media' }],
    ['destroys', 'update_dataset', { dataset: 'tank/media', sync: 'disabled' }],
    ['executes', 'call_api_write', { method: 'cronjob.run', params: [1] }],
  ])('that %s waits for a person, whatever the client sends to the task', async (risk, name, args) => {
    const started = await start({ rules: { allowsCode: true } });
    const { nas, client } = started;
    const { structuredContent } = await client.call('plan_change', { tool: name, arguments: args });
    const { plan } = Object(structuredContent);
    expect(nas.engine.locate(String(plan))).toMatchObject({ judgement: { risk }, obstacles: [] });
    const { taskId } = await client.call(name, args);
    await pushed(started, taskId);
    expect(await client.state(taskId)).toMatchObject({
      status: 'working',
      statusMessage: 'waiting for a person to approve it',
    });
    await client.ask('tasks/cancel', { taskId });
    expect(await client.state(taskId)).toMatchObject({ status: 'cancelled' });
    expect(nas.writes()).toEqual([]);
  });

  it('of settings asks for the summary, or by a form, before there is a task', async () => {
    const { nas, client } = await start({ taskPatienceMs: 0 });
    const repeated = await client.call('update_dataset', QUOTA);
    expect(repeated).toMatchObject({ resultType: 'complete', structuredContent: { state: 'planned' } });
    const form = await handwritten(nas, { extensions: { [EXTENSION]: {} }, elicitation: { form: {} } });
    const asked = await form.call('update_dataset', { ...QUOTA, quota: '41T' });
    expect(asked).toMatchObject({ resultType: 'input_required' });
    expect(nas.writes()).toEqual([]);
  });
});

describe('a task', () => {
  it('that is being applied is not stopped by a cancellation: it is told how it ended', async () => {
    const { nas, client } = await start();
    const { taskId } = await running({ nas, client });
    await client.ask('tasks/cancel', { taskId });
    expect(await client.ended(taskId)).toMatchObject({ status: 'completed' });
  });

  it('of another process is unknown, and nothing is claimed about its change', async () => {
    const [here, elsewhere] = [await start(), await start()];
    const { taskId } = await running(here);
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const { error } = await elsewhere.client.ask(method, { taskId, inputResponses: {} });
      expect(error?.code).toBe(-32_602);
      expect(error?.message).toContain('Whether its change was made is not known from this');
    }
    await here.client.ended(taskId);
  });

  it('asks for no input: what a client sends all the same is acknowledged', async () => {
    const started = await start();
    const { taskId } = await running(started);
    const { result } = await started.client.ask('tasks/update', { taskId, inputResponses: { x: {} } });
    expect(result).toMatchObject({ resultType: 'complete' });
    await started.client.ended(taskId);
  });

  it('is announced as an extension of the server', async () => {
    const { client } = await start();
    const { result } = await client.ask('server/discover');
    expect(result).toMatchObject({ capabilities: { extensions: { [EXTENSION]: {} } } });
  });
});
