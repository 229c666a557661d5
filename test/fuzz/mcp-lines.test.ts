/** Whatever lines an MCP client writes, in whatever pieces they arrive: messages are delivered, the rest is refused once. */
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type JSONRPCMessage, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withInvalidLines } from '../../src/mcp/stdio/invalid-lines.ts';
import {
  anyJson,
  anyText,
  createTally,
  FUZZ_TIMEOUT_MS,
  hold,
  objectFrom,
  tryProperty,
} from '../support/fuzz.ts';

const id = fc.oneof(fc.integer(), fc.constantFrom<unknown>('a', '', null, 1.5, {}, '💾'));
const nearly = fc
  .tuple(
    fc.subarray(['jsonrpc', 'id', 'method', 'params', 'result', 'error', 'extra']),
    fc.constantFrom('2.0', '2.0', '2.0', '1.0'),
    id,
    fc.oneof(fc.constantFrom<unknown>('ping', 'tools/call', 5)),
    fc.oneof(fc.constant({}), anyJson),
  )
  .map(([keys, jsonrpc, own, method, value]) => {
    const all: Record<string, unknown> = {
      jsonrpc,
      id: own,
      method,
      params: value,
      result: value,
      error: value,
      extra: 1,
    };
    return objectFrom(keys.map((key) => [key, all[key]]));
  });
const request = fc
  .tuple(fc.integer(), anyText)
  .map(([own, name]) => ({ jsonrpc: '2.0', id: own, method: 'tools/call', params: { name } }));
const line = fc.oneof(
  request.map((value) => JSON.stringify(value)),
  nearly.map((value) => JSON.stringify(value)),
  fc.array(fc.oneof(request, nearly), { maxLength: 3 }).map((value) => JSON.stringify(value)),
  anyJson.map((value) => JSON.stringify(value)),
  anyText.map((text) => text.replaceAll('\n', ' ')),
  fc.tuple(request, fc.nat(40)).map(([value, length]) => JSON.stringify(value).slice(0, length)),
);

/** The message that a line is, or how many refusals it should get. */
function judged(text: string): JSONRPCMessage | number {
  if (text.trim() === '') return 0;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 1;
  }
  try {
    return parseJSONRPCMessage(value);
  } catch {
    if (Array.isArray(value)) return Math.max(1, value.filter(hasGoodId).length);
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    if (!keys.includes('method')) return keys.includes('result') || keys.includes('error') ? 0 : 1;
    const isNotification = !keys.includes('id') && typeof (value as { method: unknown }).method === 'string';
    return isNotification ? 0 : 1;
  }
}

function hasGoodId(value: unknown): boolean {
  const own = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof own === 'string' || Number.isSafeInteger(own);
}

/** All that was written. Up to Node 24 one read() gives everything; Node 26 gives what one write() brought. */
function allOf(output: PassThrough): string {
  const chunks: Buffer[] = [];
  for (let chunk = nextOf(output); chunk !== null; chunk = nextOf(output)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function nextOf(output: PassThrough): Buffer | null {
  return output.read() as Buffer | null;
}

test('every line is delivered, or refused as often as it should be, in whatever pieces it comes', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  await tryProperty(
    fc.asyncProperty(
      fc.array(line, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 60 })),
      async (lines, cuts) => {
        const input = new PassThrough();
        const output = new PassThrough();
        const transport = withInvalidLines(new StdioServerTransport(input, output), input);
        const delivered: JSONRPCMessage[] = [];
        transport.onmessage = (message) => void delivered.push(message);
        await transport.start();
        let bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        for (const cut of cuts) {
          input.write(bytes.subarray(0, cut));
          bytes = bytes.subarray(cut);
          await nextTurn();
        }
        input.write(bytes);
        await nextTurn();
        const verdicts = lines.map((text) => judged(text.replace(/\uFFFD|\p{Cs}/gu, '\uFFFD')));
        for (const verdict of verdicts)
          tally.note(typeof verdict === 'number' ? String(Math.min(verdict, 2)) : 'message');
        expect(delivered).toEqual(verdicts.filter((verdict) => typeof verdict !== 'number'));
        const written = allOf(output)
          .split('\n')
          .filter((text) => text !== '');
        expect(written).toHaveLength(
          verdicts.reduce<number>((sum, each) => sum + (typeof each === 'number' ? each : 0), 0),
        );
        for (const text of written) {
          const refusal = parseJSONRPCMessage(JSON.parse(text)) as { error?: { code: number } };
          hold([-32_700, -32_600].includes(refusal.error?.code ?? 0), text);
        }
        await transport.close();
      },
    ),
    150,
  );
  for (const kind of ['message', '0', '1', '2'])
    expect([kind, tally.shareOf(kind) > 0.01]).toEqual([kind, true]);
});
