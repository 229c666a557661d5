import { expect, test } from 'vitest';
import { cleanClient } from '../../../src/access/redacted-client.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { NOW_MS, runTool, toolNamed, useTools } from '../../support/tools.ts';
import { ask, nasWith } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

test('an unknown job says which is the newest', async () => {
  expect(await bench.ask('get_job', { id: 99_999 })).toMatch(
    /"id" names no job that this key may see: 99999 .*(the newest is \d+|list_jobs)/u,
  );
});

test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [{ id: 5 }, { progress: '0 % Connecting to backup.example.org', took: '2 min', errorType: 'CallError' }],
])('%j gives as data what it says', async (args, facts) => {
  expect((await bench.answer('get_job', args)).data).toMatchObject(facts);
});

test('a job says what it was about, without the secrets in it', async () => {
  const row = {
    id: 13,
    method: 'pool.dataset.unlock',
    state: 'SUCCESS',
    arguments: ['tank/vault', { datasets: [{ name: 'tank/vault', passphrase: 'correct horse battery' }] }],
  };
  const redactor = createRedactor({ ownSecrets: [] });
  const nas = cleanClient(nasWith({ 'core.get_jobs': [row] } as never), redactor);
  const { text, data } = await runTool(nas, toolNamed('get_job'), { id: 13 });
  expect(text).toContain('arguments: tank/vault, {datasets: [{name: tank/vault, passphrase: [redacted]}]}');
  expect(data.arguments).not.toContain('horse');
});

test('a run that the NAS hides from this key is shown as its task tells it', async () => {
  const job = {
    id: 88,
    method: 'cloudsync.sync',
    state: 'FAILED',
    error: 'the token has expired',
    arguments: [4],
  };
  const answers = { 'cloudsync.query': [{ id: 4, description: 'docs', job }] };
  const { text } = await ask(answers as never, 'get_job', { id: 88 });
  expect(text).toContain('runs: cloud sync docs');
  expect(text).toContain('error: the token has expired');
});

test('a job that is gone says why it may be, by what the key may see', async () => {
  const gone = async (roles: string[]) =>
    ask({ 'auth.me': { privilege: { roles } } } as never, 'get_job', { id: 5 });
  await expect(gone(['READONLY_ADMIN'])).rejects.toThrow(
    'only as long as the connection that started them lives',
  );
  await expect(gone(['FULL_ADMIN'])).rejects.toThrow(
    'names no job that this key may see: 5 (a restart of the NAS forgets old jobs)',
  );
});

test.each([
  [null, 'the NAS itself, or a connection that has ended'],
  [{ type: 'API_KEY', data: { username: 'backup' } }, 'backup'],
  [7, 'unknown'],
])('credentials %j: started by %s', async (credentials, who) => {
  const row = { id: 1, method: 'app.upgrade', state: 'RUNNING', arguments: [], credentials };
  const { data } = await ask({ 'core.get_jobs': [row] } as never, 'get_job', { id: 1 });
  expect(data.startedBy).toBe(who);
});

test('running time is by the clock of the NAS', async () => {
  const startedMs = NOW_MS - 5 * 86_400_000;
  const { text } = await ask(
    {
      'system.info': { datetime: new Date(startedMs + 600_000) },
      'core.get_jobs': [
        { id: 1, method: 'app.upgrade', state: 'RUNNING', time_started: new Date(startedMs) },
      ],
    } as never,
    'get_job',
    { id: 1 },
  );
  expect(text).toContain('took: 10 min');
  expect(text).toContain('CLOCK: the NAS is 4 d behind this machine');
});
