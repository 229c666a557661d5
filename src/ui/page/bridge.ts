/**
 * Speaks with the host of the page: JSON-RPC over postMessage (MCP Apps, specification of 2026-01-26). Of our own because the
 * `App` of ext-apps takes 665 KB where this takes one.
 */
import { type JsonObject, objectOf, objectsOf, textOf } from './json.ts';
import { isReading } from './reads.ts';

/** A call of a tool. */
export interface ToolCall {
  readonly tool: string;
  readonly args: JsonObject;
}

/** What a tool answered, as far as the page draws it. */
export interface ToolResult {
  readonly data: JsonObject | undefined;
  /** What the tool adds for the view alone; a host may leave it out. */
  readonly viewData: JsonObject | undefined;
  readonly text: string;
  readonly isError: boolean;
}

/** Called as the host tells. */
export interface HostEvents {
  /** The host is there; `mayCallTools` when it passes calls on to the server. */
  readonly ready: (mayCallTools: boolean) => void;
  /** Colours to draw with; undefined leaves them to the browser. */
  readonly theme: (theme: 'light' | 'dark') => void;
  /** The tool whose answer the page is for; a host need not tell it. */
  readonly tool: (name: string) => void;
  readonly input: (args: JsonObject) => void;
  readonly result: (result: ToolResult) => void;
  readonly cancelled: () => void;
}

/** The way to the host. */
export interface Bridge {
  /** Calls a tool that reads through the host, which may ask the person. @throws Error in the words of the host, or for any other tool */
  readonly call: (call: ToolCall) => Promise<ToolResult>;
}

/** Where the server puts it (src/mcp/call/run.ts). */
const VIEW_DATA = 'truenas-mcp-server/view';

const PROTOCOL_VERSION = '2026-01-26';

interface Pending {
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (error: Error) => void;
}

/** Says hello to the host, and passes on what it tells until the page is closed. */
export function connectHost(events: HostEvents): Bridge {
  const host = window.parent;
  const pending = new Map<number, Pending>();
  let lastId = 0;
  const send = (message: JsonObject) => host.postMessage({ jsonrpc: '2.0', ...message }, '*');
  const request = (method: string, params: JsonObject) =>
    new Promise<JsonObject>((resolve, reject) => {
      lastId += 1;
      pending.set(lastId, { resolve, reject });
      send({ id: lastId, method, params });
    });

  window.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    const message = objectOf(data);
    // Other frames can post here, too.
    if (source !== host || message?.['jsonrpc'] !== '2.0') return;
    const { id, method } = message;
    if (typeof method === 'string') {
      // `ping` and `ui/resource-teardown`: the page holds nothing that has to be closed.
      if (id !== undefined) send({ id, result: {} });
      else tell(method, objectOf(message['params']) ?? {}, events);
      return;
    }
    const waiting = pending.get(Number(id));
    pending.delete(Number(id));
    const error = objectOf(message['error']);
    if (error === undefined) waiting?.resolve(objectOf(message['result']) ?? {});
    else waiting?.reject(new Error(textOf(error['message']) ?? 'no reason given'));
  });

  const hello = {
    protocolVersion: PROTOCOL_VERSION,
    appInfo: { name: 'truenas-mcp-server', version: '1' },
    appCapabilities: {},
  };
  void request('ui/initialize', hello).then((answer) => {
    tell('ui/notifications/host-context-changed', objectOf(answer['hostContext']) ?? {}, events);
    events.ready(objectOf(answer['hostCapabilities'])?.['serverTools'] !== undefined);
    send({ method: 'ui/notifications/initialized', params: {} });
    tellSize(send);
  });
  return {
    async call({ tool, args }) {
      if (!isReading(tool)) throw new Error(`a picture only reads, and ${tool} is not known to`);
      return resultOf(await request('tools/call', { name: tool, arguments: args }));
    },
  };
}

function tell(method: string, params: JsonObject, events: HostEvents): void {
  const { theme } = params;
  const name = textOf(objectOf(objectOf(params['toolInfo'])?.['tool'])?.['name']);
  switch (method) {
    case 'ui/notifications/host-context-changed':
      if (theme === 'light' || theme === 'dark') events.theme(theme);
      if (name !== undefined) events.tool(name);
      break;
    case 'ui/notifications/tool-input':
      events.input(objectOf(params['arguments']) ?? {});
      break;
    case 'ui/notifications/tool-result':
      events.result(resultOf(params));
      break;
    case 'ui/notifications/tool-cancelled':
      events.cancelled();
      break;
    default:
  }
}

function resultOf(result: JsonObject): ToolResult {
  const texts = objectsOf(result['content']).flatMap((block) => textOf(block['text']) ?? []);
  return {
    data: objectOf(result['structuredContent']),
    viewData: objectOf(objectOf(result['_meta'])?.[VIEW_DATA]),
    text: texts.join('\n'),
    isError: result['isError'] === true,
  };
}

/** Tells the host how much room the page takes, now and whenever that changes. */
function tellSize(send: (message: JsonObject) => void): void {
  const root = document.documentElement;
  new ResizeObserver(() => {
    const { width, height } = root.getBoundingClientRect();
    const params = { width: Math.ceil(width), height: Math.ceil(height) };
    send({ method: 'ui/notifications/size-changed', params });
  }).observe(root);
}
