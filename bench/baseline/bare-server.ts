/** The least an SDK server can be: one tool, no arguments, a constant answer. */
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

serveStdio(() => {
  const server = new McpServer({ name: 'bare', version: '1.0.0' });
  server.registerTool('ping', { description: 'Answers pong.' }, () => ({
    content: [{ type: 'text', text: 'pong' }],
  }));
  return server;
});
