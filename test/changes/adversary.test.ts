/** Ways around the consent of a person that an attacker, or a model with a shell, would try. */
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import type { Planner } from '../../src/changes/engine.ts';
import { resultOf } from '../../src/changes/change.ts';
import type { ChangeRules } from '../../src/changes/gates.ts';
import { joinChanges } from '../../src/changes/joined.ts';
import { requestChange } from '../../src/changes/request.ts';
import { type ChangeNas, startChangeNas } from './support/change-nas.ts';
import { planned, textOf } from './support/plan-of.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(...args: Parameters<typeof startChangeNas>): Promise<ChangeNas> {
  const nas = await startChangeNas(...args);
  open.push(nas);
  return nas;
}

describe('a journal that somebody altered', () => {
  async function withJournal(
    entry: object,
    end: object,
    rules: Partial<ChangeRules> = {},
  ): Promise<ChangeNas> {
    const folder = await mkdtemp(join(tmpdir(), 'changes-'));
    open.push({ close: () => rm(folder, { recursive: true, force: true }) });
    const intent = {
      id: 'forgedplan',
      system: 'nas',
      callerId: 'local',
      tool: 'create_snapshot',
      summary: 'Take snapshot',
      calls: [],
      judgement: { risk: 'reversible', reasons: [], level: 'operate' },
      startedAtMs: 0,
      pid: 1,
      ...entry,
    };
    const lines = [
      { event: 'intent', entry: intent },
      { event: 'end', id: 'forgedplan', end: { kind: 'applied', endedAtMs: 0, ...end } },
    ];
    await appendFile(
      join(folder, 'journal.jsonl'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      {
        mode: 0o600,
      },
    );
    return start({ hasWriter: true, folder, rules });
  }

  it('cannot pass a delete off as reversible', async () => {
    const nas = await withJournal(
      {},
      {
        undo: {
          calls: [
            { method: 'pool.dataset.delete', params: ['tank/media', { recursive: true }], purpose: 'x' },
          ],
          lost: [],
        },
        undoTargets: [
          {
            name: 'dataset tank/nothing',
            read: { method: 'pool.dataset.query', params: [[['id', '=', 'tank/nothing']]] },
            identity: [],
            before: 'absent',
            after: 'absent',
            written: [],
            changedBy: 0,
          },
        ],
      },
    );
    const client = await nas.client();
    const plan = await nas.call(client, 'undo_change', { change: 'forgedplan' });
    expect(plan.text).toContain('risk: destroys');
    expect(plan.data['consent']).toBe('approval');
    expect(nas.writes()).toEqual([]);
  });

  const oneRead = {
    name: 'dataset tank/nothing',
    read: { method: 'pool.dataset.query', params: [[['id', '=', 'tank/nothing']]] },
    identity: [],
    before: 'absent',
    after: 'absent',
    changedBy: 0,
  };

  it('cannot claim facts or a state that lower the risk of what it names', async () => {
    const stop = {
      method: 'service.control',
      params: ['STOP', 'cifs', { silent: false }],
      purpose: 'x',
      facts: { clients: 0, isRunning: false },
    };
    const nas = await withJournal({}, { undo: { calls: [stop], lost: [] }, undoTargets: [oneRead] });
    const client = await nas.client();
    const plan = await nas.call(client, 'undo_change', { change: 'forgedplan' });
    expect(plan.text).toContain('risk: destroys');
    expect(plan.text).toContain('how many are connected is not known');
  });

  it('has even a slight change looked at by a person, who sees the calls', async () => {
    const quota = { method: 'pool.dataset.update', params: ['tank/media', { comments: 'x' }], purpose: 'x' };
    const nas = await withJournal({}, { undo: { calls: [quota], lost: [] }, undoTargets: [oneRead] });
    const client = await nas.client();
    const plan = await nas.call(client, 'undo_change', { change: 'forgedplan' });
    expect(plan.text).toContain('risk: configuration');
    expect(plan.data['consent']).toBe('approval');
  });

  it.each([
    ['a time that is none', { startedAtMs: 1e300 }, {}],
    ['a summary that is no text', { summary: { toString: 1 } }, {}],
    ['calls that are no list', { calls: 'x' }, {}],
    ['an undo that is nothing', {}, { undo: null }],
    ['an undo without calls', {}, { undo: { calls: 7, lost: [] } }],
    ['an undo whose losses are no list', {}, { undo: { calls: [], lost: 'x' } }],
    ['an undo of an odd call', {}, { undo: { calls: [{ method: 1 }], lost: [] } }],
    ['things that are none', {}, { undoTargets: [null] }],
    ['a thing without a read', {}, { undoTargets: [{ ...oneRead, read: undefined }] }],
    ['an end that is none', {}, { kind: ['applied'] }],
  ])('cannot keep other changes from being listed with %s', async (_what, entry, end) => {
    const fine = { undo: { impossible: 'a test' }, undoTargets: [] };
    const nas = await withJournal(entry, { ...fine, ...end });
    const client = await nas.client();
    const done = await nas.call(client, 'create_snapshot', { dataset: 'tank/media', name: 'after' });
    expect(done.text).toContain('DONE');
    const list = await nas.call(client, 'list_changes', {});
    expect(list.isError).toBe(false);
    expect(list.text).toContain('Take snapshot tank/media@after');
    const undo = await nas.call(client, 'undo_change', { change: 'forgedplan' });
    expect(undo.text).toMatch(/no change forgedplan|its end is not known/u);
  });

  it('cannot tie its calls to a dataset within the scope', async () => {
    const quota = { method: 'pool.dataset.update', params: ['tank/media', { comments: 'x' }], purpose: 'x' };
    const nas = await withJournal(
      {},
      { undo: { calls: [quota], lost: [] }, undoTargets: [{ ...oneRead, dataset: 'tank/photos' }] },
      { scope: ['tank/photos'] },
    );
    const client = await nas.client();
    const plan = await nas.call(client, 'undo_change', { change: 'forgedplan' });
    expect(plan.data['canBeApplied']).toBe(false);
    expect(plan.text).toContain('only the journal says which datasets');
  });

  it('cannot have a write sent as a read', async () => {
    const nas = await withJournal(
      {},
      {
        undo: { calls: [{ method: 'pool.scrub.scrub', params: ['tank'], purpose: 'x' }], lost: [] },
        undoTargets: [
          {
            name: 'x',
            read: { method: 'pool.dataset.delete', params: ['tank/media'] },
            identity: [],
            before: 'absent',
            after: 'absent',
            changedBy: 0,
          },
        ],
      },
    );
    const client = await nas.client();
    const plan = await nas.call(client, 'undo_change', { change: 'forgedplan' });
    expect(plan.text).toContain('it may have been altered');
    expect(nas.simulator.calls().filter(({ method }) => method === 'pool.dataset.delete')).toEqual([]);
  });
});

describe('a model that answers its own question', () => {
  it('an answer without the sealed state of a question is no answer', async () => {
    const nas = await start({ hasWriter: true });
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    await nas.serve(serverSide);
    const replies: { result?: { resultType?: string } }[] = [];
    clientSide.onmessage = (message) => void replies.push(message as (typeof replies)[number]);
    await clientSide.start();
    open.push(clientSide);
    await clientSide.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'update_dataset',
        arguments: { dataset: 'tank/media', quota: '40T' },
        inputResponses: { change: { action: 'accept', content: { apply: true } } },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
        },
      },
    });
    await expect.poll(() => replies[0]?.result?.resultType, { timeout: 15_000 }).toBe('input_required');
    expect(nas.writes()).toEqual([]);
  });
});

describe('a question that asks for something else', () => {
  it('whoever agreed to open the page has not agreed to the change', async () => {
    const nas = await start({ hasWriter: true });
    const plan = await planned(nas, 'update_dataset', { dataset: 'tank/media', quota: '40T' });
    const answer = await requestChange(nas.engine, nas.approvals, plan, {
      canShowForm: true,
      canOpenUrl: true,
      answer: { action: 'accept', way: 'url' },
      signal: new AbortController().signal,
    });
    expect(answer.kind).toBe('form');
    expect(nas.writes()).toEqual([]);
  });

  it('the summary of several changes says what is done, whatever the model says that it is for', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client();
    const step = (dataset: string) => ({ tool: 'update_dataset', arguments: { dataset, quota: '40T' } });
    const lie = 'Take a snapshot';
    const one = await nas.call(client, 'plan_changes', { steps: [step('tank/media')], summary: lie });
    expect(one.data['summary']).toMatch(/^(?!Take).*tank\/media.* \(for: Take a snapshot\)$/u);
    const names = ['tank/media', 'tank/home', 'tank/iso'];
    const many = [
      ...names.map((dataset) => ({ tool: 'create_snapshot', arguments: { dataset, name: 'x'.repeat(60) } })),
      step('tank/documents'),
    ];
    const all = await nas.call(client, 'plan_changes', { steps: many, summary: lie });
    expect(all.data['summary']).toBe('4 changes: 3 create_snapshot, 1 update_dataset (for: Take a snapshot)');
  });

  it.each([[-1], [0], [1], [0.5], ['0']])('a call cannot take a value from call %j', async (call) => {
    const nas = await start({ hasWriter: true });
    const planner: Planner = {
      tool: 'x',
      uses: [],
      writes: 'any',
      plan: async () => ({
        summary: 'x',
        calls: [{ method: 'pool.scrub.run', params: [resultOf(call as number)], purpose: 'x' }],
        targets: [],
        impact: [],
        undo: { impossible: 'x' },
      }),
    };
    const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
    await expect(nas.engine.plan(asker, planner)).rejects.toThrow('not before it');
    await expect(nas.engine.plan(asker, joinChanges([planner, planner], undefined))).rejects.toThrow(
      'not before it',
    );
  });
});

describe('what hangs on a thing and is not read again before a call', () => {
  const { signal } = new AbortController();
  const asker = { system: 'nas', caller: LOCAL_CALLER, signal };

  /** Stops a service under as many clients as there are at the time. */
  function stopping(clients: { count: number | undefined }): Planner {
    return {
      tool: 'x',
      uses: [],
      writes: 'any',
      async plan() {
        if (clients.count === undefined) throw new Error('nobody can tell');
        return {
          summary: 'Stop cifs',
          calls: [
            {
              method: 'service.control',
              params: ['STOP', 'cifs', { silent: false }],
              purpose: 'stop it',
              before: { state: 'RUNNING', enable: true },
              facts: { clients: clients.count },
            },
          ],
          targets: [],
          impact: [],
          undo: { impossible: 'x' },
        };
      },
    };
  }

  it.each([
    [3, 'it destroys by now: clients of the service are cut off'],
    [undefined, 'could not be looked at again'],
  ])('a plan that was slight, and under which %s clients came, is not sent', async (later, told) => {
    const clock = { ms: Date.now() };
    const nas = await start({ hasWriter: true, now: () => clock.ms });
    const clients: { count: number | undefined } = { count: 0 };
    const plan = await nas.engine.plan(asker, stopping(clients));
    expect(plan.judgement.risk).not.toBe('destroys');
    clients.count = later;
    clock.ms += 60_000;
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    const { outcome } = await nas.engine.apply(plan, session, { signal });
    expect(outcome).toMatchObject({ kind: 'moved', reason: expect.stringContaining(told) });
    expect(nas.writes()).toEqual([]);
  });

  it('a plan under which nothing changed is sent', async () => {
    const clock = { ms: Date.now() };
    const nas = await start({ hasWriter: true, now: () => clock.ms });
    const plan = await nas.engine.plan(asker, stopping({ count: 0 }));
    clock.ms += 60_000;
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    await nas.engine.apply(plan, session, { signal });
    expect(nas.writes().map(({ method }) => method)).toEqual(['service.control']);
  });
});

describe('parameters that are too long to be shown', () => {
  it('hide nothing behind their beginning: up to the limit all of them are shown, and longer ones are not sent', async () => {
    const nas = await start({ hasWriter: true });
    const initiators = (count: number) =>
      Array.from({ length: count }, (_each, index) => `iqn.2005-10.org.example:host-${index}`);
    const plan = (count: number) =>
      planned(nas, 'call_api_write', {
        method: 'iscsi.initiator.create',
        params: [{ initiators: initiators(count), comment: 'the end' }],
      });
    const long = await plan(200);
    expect(textOf(long)).toContain('"comment":"the end"');
    expect(long.obstacles).toEqual([]);
    const longer = await plan(400);
    expect(longer.obstacles.join()).toContain('nobody can be shown more than 12000');
  });
});

describe('a change that never ends', () => {
  it('does not keep those after it waiting for ever', async () => {
    const nas = await start({ hasWriter: true, turnMs: 20 });
    const [slow, next] = [
      await planned(nas, 'create_snapshot', { dataset: 'tank/media', name: 'slow' }),
      await planned(nas, 'create_snapshot', { dataset: 'tank/home', name: 'next' }),
    ];
    const session = await nas.engine.writerFor(slow);
    if (session === undefined) throw new Error('the test has a writer');
    const { signal } = new AbortController();
    const never = new Promise<never>(() => {});
    void nas.engine.apply(slow, { ...session, write: { write: () => never } }, { signal });
    const { outcome } = await nas.engine.apply(next, session, { signal });
    expect(outcome.kind).toBe('applied');
  });
});

describe('values that stand for what was hidden', () => {
  it.each(['[redacted]', '********'])('%s is never written back', async (hidden) => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client();
    const answer = await nas.call(client, 'update_dataset', {
      dataset: 'tank/media',
      comments: `key ${hidden}`,
    });
    expect(answer.text).toContain('stands for a value that was hidden or cut');
    expect(answer.isError).toBe(true);
    expect(nas.writes()).toEqual([]);
  });
});

describe('the approval page', () => {
  async function waiting(): Promise<{ nas: ChangeNas; url: URL; plan: string; answer: Promise<unknown> }> {
    const nas = await start({ hasWriter: true, approval: 'always' });
    const client = await nas.client();
    const answer = nas.call(client, 'create_snapshot', { dataset: 'tank/media', name: 'x' });
    // A test that ends before the answer ends its client, too.
    answer.catch(() => {});
    await expect.poll(() => nas.openedUrls, { timeout: 15_000 }).toHaveLength(1);
    const url = new URL(nas.openedUrls[0] ?? '');
    return { nas, url, plan: url.pathname.slice(1), answer };
  }
  const post = (url: URL, path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(path, url), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: url.origin, ...headers },
    });

  it('another page, or a request without an origin, is refused', async () => {
    const { nas, url, plan } = await waiting();
    const body = { plan, ...nas.simulator.person };
    expect((await post(url, '/sign-in', body, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(url, '/sign-in', body, { origin: '' })).status).toBe(403);
    expect((await post(url, '/sign-in', body, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await fetch(new URL('/plans', url))).status).not.toBe(500);
    expect(await (await fetch(new URL('/plans', url))).text()).not.toContain(plan);
  });

  it('an invented token, or another preview, applies nothing', async () => {
    const { nas, url, plan } = await waiting();
    expect((await post(url, '/apply', { token: 'x'.repeat(43), hash: 'y' })).status).toBe(422);
    const shown = Object(await (await post(url, '/sign-in', { plan, ...nas.simulator.person })).json());
    const other = await post(url, '/apply', { token: shown.token, hash: 'f'.repeat(64) });
    expect(Object(await other.json()).problem).toContain('nothing was done');
    // The token is spent.
    expect((await post(url, '/apply', { token: shown.token, hash: shown.hash })).status).toBe(422);
    expect(nas.writes()).toEqual([]);
  });

  it('three wrong sign-ins end the plan, and the right one comes too late', async () => {
    const { nas, url, plan, answer } = await waiting();
    const username = nas.simulator.person.username;
    for (const password of ['one', 'two', 'three']) await post(url, '/sign-in', { plan, username, password });
    const late = Object(await (await post(url, '/sign-in', { plan, ...nas.simulator.person })).json());
    expect(late.problem).toContain('no such plan');
    expect(Object(await answer).text).toContain('three wrong sign-ins ended the plan');
    expect(nas.writes()).toEqual([]);
  }, 30_000);

  it('guesses at once try no more passwords than guesses one after the other', async () => {
    const { nas, url, plan } = await waiting();
    const username = nas.simulator.person.username;
    const tried = () => nas.simulator.calls().filter(({ method }) => method === 'auth.login_ex').length;
    const before = tried();
    await Promise.all(
      Array.from({ length: 12 }, (_, guess) =>
        post(url, '/sign-in', { plan, username, password: `${guess}` }),
      ),
    );
    expect(tried() - before).toBeLessThanOrEqual(5);
  }, 30_000);

  it.each(['nobody comes back', 'the plan ends elsewhere'])(
    'the session of a visit is closed when %s',
    async (why) => {
      let nowMs = Date.now();
      const nas = await start({ approval: 'always', now: () => nowMs });
      const plan = await planned(nas, 'create_snapshot', { dataset: 'tank/media', name: 'x' });
      const { url } = await nas.approvals.offer(plan);
      if (url === undefined) throw new Error('there is no page');
      const isVisit = why === 'nobody comes back';
      if (isVisit) nowMs = plan.expiresAtMs - 300;
      const open = nas.simulator.control.connectionCount();
      const page = new URL(url);
      const shown = await post(page, '/sign-in', { plan: plan.id, ...nas.simulator.person });
      expect(Object(await shown.json()).token).toBeDefined();
      if (!isVisit) await nas.engine.decline(plan, 'a test');
      await expect.poll(() => nas.simulator.control.connectionCount(), { timeout: 10_000 }).toBe(open);
    },
  );

  it('its headers forbid every script but its own, frames and caches', async () => {
    const { url } = await waiting();
    const { headers } = await fetch(url);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
