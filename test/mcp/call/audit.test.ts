/** What the audit trail is told of a call: what was asked, without secrets, and how it really ended. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import { auditCalls } from '../../../src/mcp/call/audit.ts';
import type { Call } from '../../../src/mcp/call/middleware.ts';
import type { AuditEntry } from '../../../src/telemetry/audit.ts';

const DONE: CallToolResult = { content: [{ type: 'text', text: 'done' }] };

/** The entry for a call that `end` brings to its end. */
async function entryOf(args: unknown, end: (stop: () => void) => CallToolResult = () => DONE) {
  const entries: AuditEntry[] = [];
  const step = auditCalls({ record: (entry) => void entries.push(entry), close: async () => undefined });
  const caller = new AbortController();
  const subject = { kind: 'tool', tool: { name: 'some_tool' } };
  const call = { subject, args, signal: caller.signal } as unknown as Call;
  await step(call, async () => end(() => caller.abort())).catch(() => undefined);
  expect(entries).toHaveLength(1);
  return entries[0];
}

describe('the audit of a call', () => {
  it.each<[outcome: string, end: (stop: () => void) => CallToolResult]>([
    ['ok', () => DONE],
    ['error', () => ({ ...DONE, isError: true })],
    [
      'error',
      () => {
        throw new Error('no');
      },
    ],
    [
      'cancelled',
      (stop) => {
        stop();
        throw new Error('no');
      },
    ],
    [
      // A tool that names what it could not read as a gap ends well, though nobody is told.
      'cancelled',
      (stop) => {
        stop();
        return DONE;
      },
    ],
  ])('says %s of a call that ended so', async (outcome, end) => {
    expect(await entryOf({}, end)).toMatchObject({ outcome });
  });

  it.each(['auth.login', 'auth.login_with_api_key', 'user.setup_local_administrator'])(
    'names %s, and not its parameters, which are secrets without a name',
    async (method) => {
      expect(await entryOf({ method, params: ['root', 'tulip'] })).toMatchObject({ arguments: { method } });
      expect(JSON.stringify(await entryOf({ method, params: ['root', 'tulip'] }))).not.toContain('tulip');
    },
  );

  it('says all that was asked of any other method', async () => {
    const asked = { method: 'pool.query', filters: [['name', '=', 'tank']] };
    expect(await entryOf(asked)).toMatchObject({ arguments: asked });
  });
});
