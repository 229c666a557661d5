/** An MCP client without a model: calls the tool that the environment names, and prints the answer. */
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const { truenas } = JSON.parse(readFileSync(process.argv[2], 'utf8')).mcpServers;
const client = new Client({ name: 'one-call', version: '1' });
await client.connect(new StdioClientTransport({ ...truenas, env: { ...process.env, ...truenas.env } }));
const { content } = await client.callTool({ name: process.env.EVALS_TEST_TOOL, arguments: {} });
process.stdout.write(content.map(({ text }) => text).join('\n'));
await client.close();
