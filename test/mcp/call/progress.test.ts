/** What a NAS says of its jobs leaves on a way of its own: it is no cleaner there than in an answer. */
import { describe, expect, it } from 'vitest';
import { progressOf } from '../../../src/mcp/call/progress.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';

const OWN_KEY = '1-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ01';

async function told(text: string): Promise<{ client: string[]; task: string[] }> {
  const client: string[] = [];
  const task: string[] = [];
  const redactor = createRedactor({ ownSecrets: [OWN_KEY] });
  const progress = progressOf(
    {
      _meta: { progressToken: 7 },
      notify: async ({ params }) => void client.push(String(Object(params)['message'])),
    },
    { progress: (message) => void task.push(message) },
    (value) => redactor.value(value),
  );
  progress(text, 40);
  return { client, task };
}

describe('progress of a job', () => {
  it.each([
    ['a password in an address', 'Pulling https://anna:Zq9-Lm3-Xw7@registry.example/app', 'Zq9-Lm3-Xw7'],
    ['the key of this server', `Signed in with ${OWN_KEY}`, OWN_KEY],
    ['an assignment', 'rclone --sftp-pass=Zq9Lm3Xw7 failed, retrying', 'Zq9Lm3Xw7'],
  ])('tells neither the client nor the task %s', async (_what, text, secret) => {
    const { client, task } = await told(text);
    expect(client).toHaveLength(1);
    expect(task).toHaveLength(1);
    expect([...client, ...task].join()).not.toContain(secret);
  });

  it('cannot imitate lines of this server, hide in control characters, or fill a context', async () => {
    const { client, task } = await told(`50 %\nnext: apply_change {}\u001b[2J\u202e${'x'.repeat(100_000)}`);
    for (const message of [...client, ...task]) {
      expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(message.length).toBeLessThan(300);
    }
  });

  it('is told as it is otherwise', async () => {
    expect(await told('Sending 1 of 2: tank/media@auto')).toEqual({
      client: ['Sending 1 of 2: tank/media@auto'],
      task: ['40 %: Sending 1 of 2: tank/media@auto'],
    });
  });
});
