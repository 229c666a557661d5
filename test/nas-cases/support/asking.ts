/** Asks tools through the whole server, as a client does: MCP in memory, the NAS over a socket. */
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServerFactory } from '../../../src/mcp/server.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { openTrueNas, type ReadClient, silentLog } from '../../../src/truenas/index.ts';
import { accessTo } from '../../support/access.ts';
import { ALL_TOOLS, registryOf } from '../../support/registry.ts';
import type { Expectation, NasCase, ToolCall } from './nas-case.ts';
import { NOW_MS, startOddNas } from './odd-nas.ts';

/** What one call was answered. */
export interface Answer {
  readonly text: string;
  readonly isError: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reply that comes is there long before; a NAS that stays silent is given up after this. */
const HANGING_TIMEOUT_MS = 700;
const TIMEOUT_MS = 15_000;

/** What the calls of a case are answered, in their order. */
export async function answersOf(
  each: Pick<NasCase, 'release' | 'answers' | 'call'>,
  healthy: Readonly<Record<string, unknown>>,
): Promise<Answer[]> {
  const answers = { ...healthy, ...each.answers };
  const odd = await startOddNas(each.release ?? '25.10', answers);
  const hangs = JSON.stringify(each.answers).includes('"$hang"');
  const { url, apiKey, username } = odd;
  const timeoutMs = hangs ? HANGING_TIMEOUT_MS : TIMEOUT_MS;
  const nas = openTrueNas({ url, apiKey, username, tls: {}, timeoutMs, log: silentLog });
  try {
    return await ask(async () => nas.read, [each.call].flat() as ToolCall[], { ownSecrets: [apiKey] });
  } finally {
    await nas.close();
    await odd.close();
  }
}

/** Asks a server of this NAS one call after the other. */
export async function ask(
  nas: () => Promise<ReadClient>,
  calls: readonly ToolCall[],
  { ownSecrets = [] }: { readonly ownSecrets?: readonly string[] } = {},
): Promise<Answer[]> {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const redactor = createRedactor({ ownSecrets: [...ownSecrets] });
  const factory = createServerFactory({
    version: '2.0.0',
    tools: registryOf(ALL_TOOLS),
    nas: accessTo(nas, redactor),
    redactor,
    log: silentLog,
    maxResultTokens: 6000,
    now: () => NOW_MS,
  });
  serveStdio(factory, { transport: serverSide });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(clientSide);
  try {
    const answers: Answer[] = [];
    for (const { tool, args = {} } of calls) {
      const result = await client.callTool({ name: tool, arguments: { ...args } });
      answers.push({
        text: result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n'),
        isError: result.isError === true,
        data: (result.structuredContent ?? {}) as Record<string, unknown>,
      });
    }
    return answers;
  } finally {
    await client.close();
  }
}

/** In what the answers differ from what is right; empty when in nothing. */
export function problemsOf(answers: readonly Answer[], expected: Expectation): string[] {
  const problems: string[] = [];
  const text = textOf(answers);
  const { isError, verdict, must = [], mustNot = [] } = expected;
  if (isError !== undefined && answers.some((answer) => answer.isError) !== isError)
    problems.push(isError ? 'no answer is an error' : 'an answer is an error');
  const seen = answers[0]?.data['verdict'];
  if (verdict !== undefined && seen !== verdict)
    problems.push(`the verdict is ${String(seen)}, not ${verdict}`);
  for (const pattern of must) {
    if (!new RegExp(pattern, 'imu').test(text)) problems.push(`${pattern} is not there`);
  }
  for (const pattern of mustNot) {
    if (new RegExp(pattern, 'imu').test(text)) problems.push(`${pattern} is there`);
  }
  return problems;
}

/** The texts of all answers, joined. */
export function textOf(answers: readonly Answer[]): string {
  return answers.map((answer) => answer.text).join('\n');
}
