/**
 * The test entry that the conformance suite talks to: its fixture tools, resources and prompts on our own server assembly,
 * tool-call chain and HTTP stack. Not part of the package. Prints one line of JSON with `url` and `token`.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Step, subjectName } from '../../src/mcp/call/middleware.ts';
import { serveOnHttp } from '../../src/mcp/http/serve.ts';
import { createServerFactory } from '../../src/mcp/server.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { accessTo } from '../support/access.ts';
import { registryOf } from '../support/registry.ts';
import { CONTENT_FIXTURES } from './fixtures/content.ts';
import { mountDocuments } from './fixtures/documents.ts';
import { INPUT_FIXTURES, verifyRequestState } from './fixtures/input-required.ts';

const fixtures = [...CONTENT_FIXTURES, ...INPUT_FIXTURES];
const redactor = createRedactor({ ownSecrets: [] });
const byName = new Map(fixtures.map((fixture) => [fixture.tool.name, fixture]));

// A question is a result too on the wire; the chain's type only knows the finished kind.
const answerFixture: Step = async (call, next) =>
  ((await byName.get(subjectName(call.subject))?.answer(call)) as CallToolResult | undefined) ?? next(call);

const service = await serveOnHttp({
  factory: createServerFactory({
    version: '0.0.0-conformance',
    tools: registryOf(fixtures.map((fixture) => fixture.tool)),
    nas: accessTo(() => Promise.reject(new Error('a fixture asks no NAS')), redactor),
    redactor,
    log: silentLog,
    maxResultTokens: 6000,
    steps: [answerFixture],
    requestState: { verify: verifyRequestState },
    extend: mountDocuments,
  }),
  port: 0,
  log: silentLog,
});
process.stdout.write(`${JSON.stringify({ url: service.url, token: service.token })}\n`);
process.stdin.on('end', () => void service.close().then(() => process.exit(0))).resume();
