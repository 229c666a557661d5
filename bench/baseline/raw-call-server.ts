/**
 * A server as one would write it by hand: an SDK server whose one tool makes the WebSocket calls that `RAW_CALLS` names, on one
 * signed-in connection, and answers with what came back. No retries, limits, types, redaction or formatting.
 */
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { openRawConnection } from './raw-connection.ts';

const calls = JSON.parse(process.env.RAW_CALLS ?? '[]') as { method: string; params: unknown[] }[];
const connection = openRawConnection({
  url: process.env.TRUENAS_URL ?? '',
  username: process.env.TRUENAS_USERNAME ?? '',
  apiKey: process.env.TRUENAS_API_KEY ?? '',
});

serveStdio(() => {
  const server = new McpServer({ name: 'raw-call', version: '1.0.0' });
  server.registerTool('raw', { description: 'Makes the calls.' }, async () => {
    const nas = await connection;
    const results: unknown[] = [];
    for (const { method, params } of calls) results.push(await nas.call(method, params));
    return { content: [{ type: 'text', text: JSON.stringify(results) }] };
  });
  return server;
});

process.stdin.once('end', () => process.exit(0));
