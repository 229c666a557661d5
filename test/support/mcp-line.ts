/** A hand-written MCP peer on a process's pipes: sends lines, and sees every byte that comes back. */
import { type Era, LEGACY } from './eras.ts';
import type { CliProcess } from './processes.ts';

/** One JSON-RPC message. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The client's end. */
export interface McpLine {
  /** Sends a request; the reply with the same id. */
  request(method: string, params?: Record<string, unknown>): Promise<Message>;
  /** Sends a request without waiting; its id. */
  send(method: string, params?: Record<string, unknown>): number;
  notify(method: string, params?: Record<string, unknown>): void;
  /** The reply to a request that was sent; rejects when the process ends without one. */
  reply(id: number): Promise<Message>;
  /** Says hello, as the era does it. */
  initialize(): Promise<Message>;
  /** Lines on stdout that are not one JSON-RPC message each. */
  strayLines(): string[];
}

/** Attaches to a started server; speaks 2025-11-25 unless told otherwise. */
export function mcpLine(child: CliProcess, era: Era = LEGACY): McpLine {
  let nextId = 1;
  let partial = '';
  const replies = new Map<number, Message>();
  const waiting = new Map<number, (message: Message) => void>();
  const strays: string[] = [];
  child.process.stdout.on('data', (text: string) => {
    const lines = (partial + text).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) {
      const message = parse(line);
      if (message === undefined) strays.push(line);
      else if (typeof message.id === 'number') {
        replies.set(message.id, message);
        waiting.get(message.id)?.(message);
      }
    }
  });
  const write = (message: Record<string, unknown>) => {
    child.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  const line: McpLine = {
    send(method, params = {}) {
      const id = nextId;
      nextId += 1;
      write({ id, method, params: { ...era.envelope, ...params } });
      return id;
    },
    notify: (method, params = {}) => write({ method, params }),
    reply: (id) =>
      Promise.race([
        new Promise<Message>((resolve) => {
          const known = replies.get(id);
          if (known === undefined) waiting.set(id, resolve);
          else resolve(known);
        }),
        child.ended.then((code): Message => {
          const known = replies.get(id);
          if (known !== undefined) return known;
          throw new Error(`the server ended with ${code} before it answered: ${child.stderr()}`);
        }),
      ]),
    request: (method, params) => line.reply(line.send(method, params)),
    async initialize() {
      const answer = await line.request(era.hello.method, era.hello.params);
      if (era.greeting !== undefined) line.notify(era.greeting);
      return answer;
    },
    strayLines: () => [...strays, ...(partial === '' ? [] : [partial])],
  };
  return line;
}

/** The text of a tool's result. */
export function contentText(result: Record<string, unknown> | undefined): string {
  const blocks = (result?.content ?? []) as { text?: string }[];
  return blocks.map((block) => block.text ?? '').join('\n');
}

function parse(line: string): Message | undefined {
  try {
    const value = JSON.parse(line) as { jsonrpc?: unknown };
    return value.jsonrpc === '2.0' ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}
