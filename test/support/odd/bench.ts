/** The whole server in memory, over a NAS whose answers change from one question to the next. */
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { SimulatedRelease } from 'truenas-simulator';
import { offerDocuments } from '../../../src/mcp/handlers/documents.ts';
import { createServerFactory } from '../../../src/mcp/server.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { silentLog, type WireValue } from '../../../src/truenas/index.ts';
import { accessTo } from '../access.ts';
import { READ_TOOLS, registryOf } from '../registry.ts';
import { type Answering, clientOf, NOW_MS } from './nas.ts';

/** What a question is answered. */
export interface Answer {
  readonly text: string;
  readonly isError: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A call of a tool, or a resource to read. */
export type Question =
  | { readonly tool: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly uri: string };

/** A call that the server made on the way, and its answer. */
export interface Made {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly value: WireValue;
}

/** A server to ask. */
export interface Bench {
  /** Asks while the NAS answers like this. */
  ask(question: Question, answering: Answering): Promise<Answer>;
  /** As {@link ask}, with the calls that were made and answered. */
  trace(question: Question, answering: Answering): Promise<{ answer: Answer; made: readonly Made[] }>;
  close(): Promise<void>;
}

/** Connects a client to a server of every tool that reads. */
export async function openBench(release: SimulatedRelease = '25.10'): Promise<Bench> {
  let current: Answering = () => Promise.reject(new Error('nobody asks'));
  const nas = clientOf(() => current, release);
  const redactor = createRedactor({ ownSecrets: [] });
  const tools = registryOf(READ_TOOLS);
  const access = accessTo(async () => nas, redactor);
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const factory = createServerFactory({
    version: '2.0.0',
    tools,
    nas: access,
    redactor,
    log: silentLog,
    maxResultTokens: 6000,
    now: () => NOW_MS,
    extend: offerDocuments({ nas: access, redactor, log: silentLog }),
  });
  serveStdio(factory, { transport: serverSide });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(clientSide);

  async function ask(question: Question, answering: Answering): Promise<Answer> {
    current = answering;
    if ('uri' in question) return read(question.uri);
    const { tool, args } = question;
    const result = await client.callTool({ name: tool, arguments: { ...args } });
    return {
      text: result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n'),
      isError: result.isError === true,
      data: (result.structuredContent ?? {}) as Record<string, unknown>,
    };
  }

  /** A resource has no other way to fail than to fail. */
  async function read(uri: string): Promise<Answer> {
    try {
      const { contents } = await client.readResource({ uri });
      const text = contents.map((content) => ('text' in content ? content.text : '')).join('\n');
      return { text, isError: false, data: {} };
    } catch (error) {
      return { text: error instanceof Error ? error.message : String(error), isError: true, data: {} };
    }
  }

  return {
    ask,
    async trace(question, answering) {
      const made: Made[] = [];
      const answer = await ask(question, async (method, params) => {
        const value = await answering(method, params);
        made.push({ method, params, value });
        return value;
      });
      return { answer, made };
    },
    close: () => client.close(),
  };
}
