/** A host of MCP Apps in a page: the bridge of ext-apps, and a client that speaks with our server. Bundled by support/host.ts. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  AppBridge,
  getToolUiResourceUri,
  PostMessageTransport,
  RESOURCE_MIME_TYPE,
} from '@modelcontextprotocol/ext-apps/app-bridge';
import type { HostLog, ShowRequest } from '../support/host-api.ts';

const EXTENSION = 'io.modelcontextprotocol/ui';
/** As the specification asks hosts to confine what declares no origin; a script that is inline may run. */
const HOST_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'none'";

let bridge: AppBridge | undefined;

/** Shows the answer of a tool by its view, as a host does in a conversation. */
async function show(request: ShowRequest): Promise<HostLog> {
  const { tool: name, args, theme = 'light' } = request;
  const client = new Client(
    { name: 'test-host', version: '1' },
    {
      capabilities: { extensions: { [EXTENSION]: { mimeTypes: [RESOURCE_MIME_TYPE] } } },
      versionNegotiation: { mode: { pin: '2026-07-28' } },
    },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', location.href)));
  const { tools } = await client.listTools();
  const tool = tools.find((each) => each.name === name);
  const uri = tool && getToolUiResourceUri(tool);
  if (tool === undefined || uri === undefined) throw new Error(`${name} has no view`);
  const { contents } = await client.readResource({ uri });
  const [content] = contents;
  if (content === undefined || !('text' in content) || content.mimeType !== RESOURCE_MIME_TYPE)
    throw new Error(`${uri} is no view`);

  const log: HostLog = { calls: [], asked: [], sizes: [], uri };
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.title = uri;
  document.body.replaceChildren(frame);
  const inner = frame.contentWindow;
  if (inner === null) throw new Error('the frame has no window');
  const capabilities = request.isWithoutCalls === true ? {} : { serverTools: {} };
  const context = { theme, displayMode: 'inline', toolInfo: { tool } } as const;
  const app = new AppBridge(null, { name: 'test-host', version: '1' }, capabilities, {
    hostContext: context,
  });
  bridge = app;
  app.oncalltool = async (params) => {
    log.calls.push(params);
    return client.callTool(params);
  };
  app.onopenlink = async ({ url }) => ({ isError: log.asked.push(`link ${url}`) > 0 });
  app.onmessage = async () => ({ isError: log.asked.push('message') > 0 });
  app.ondownloadfile = async () => ({ isError: log.asked.push('download') > 0 });
  app.onsizechange = (size) => {
    log.sizes.push(size);
    if (size.height !== undefined) frame.style.height = `${size.height}px`;
  };
  const initialized = new Promise<void>((resolve) => {
    app.oninitialized = () => resolve();
  });
  // Connected first: the page says hello as soon as it runs.
  await app.connect(new PostMessageTransport(inner, inner));
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${HOST_POLICY}">${content.text}`;
  await initialized;
  await app.sendToolInput({ arguments: args });
  if (request.isCancelled === true) await app.sendToolCancelled({ reason: 'the person stopped it' });
  else await app.sendToolResult(request.result ?? (await client.callTool({ name, arguments: args })));
  globalThis.hostLog = log;
  return log;
}

globalThis.show = show;
globalThis.setTheme = async (theme) => bridge?.sendHostContextChange({ theme });
globalThis.teardown = async () => bridge?.teardownResource({});
