/** A conversation for the first page, as it takes place: the built server, a simulated NAS, and what a model reads and a person sees. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** What is asked, and the calls by which a model finds out. */
const QUESTIONS = [
  { question: 'Is my NAS OK?', tool: 'system_overview', args: {} },
  {
    question: 'What is wrong with the pool backup?',
    tool: 'get_pool',
    args: { pool: 'backup', render: 'image' },
  },
  {
    question: 'Was it busy in the last day?',
    tool: 'get_metrics',
    args: { metric: 'load', range: '24h', render: 'image' },
  },
];

/** Each question with its call and the answer. @param dist folder of the built program */
export async function conversation(dist) {
  const { startSimulator } = await import(pathToFileURL(join(dist, 'simulator.js')).href);
  const nas = await startSimulator({});
  const client = new Client({ name: 'site', version: '1' });
  try {
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [join(dist, 'cli.js'), 'serve'],
        env: {
          ...getDefaultEnvironment(),
          TRUENAS_URL: nas.url,
          TRUENAS_USERNAME: nas.username,
          TRUENAS_API_KEY: nas.apiKey,
          TRUENAS_TLS_FINGERPRINT: nas.fingerprint,
          TRUENAS_LOG_LEVEL: 'error',
        },
      }),
    );
    const turns = [];
    for (const { question, tool, args } of QUESTIONS) {
      const { content, isError } = await client.callTool({ name: tool, arguments: args });
      if (isError === true) throw new Error(`${tool}: ${JSON.stringify(content)}`);
      const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
      const images = content.flatMap((block) => (block.type === 'image' ? [block.data] : []));
      turns.push({ question, tool, args, text: texts.join('\n'), image: images[0] });
    }
    return turns;
  } finally {
    await client.close();
    await nas.close();
  }
}
