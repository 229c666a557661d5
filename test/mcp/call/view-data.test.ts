/** What a view alone is told leaves by the same way as text and data. */
import { expect, it } from 'vitest';
import { redactSecrets } from '../../../src/mcp/call/steps.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';

it('is redacted as the data beside it is', () => {
  const secret = '4-Zk8wQ1rT7yU2iO5pA9sD3fG6hJ0kL';
  const finish = redactSecrets(createRedactor({ ownSecrets: [secret] }));
  const told = { curves: [{ name: `disk ${secret}`, means: [1, null] }] };
  const { _meta, structuredContent } = finish({
    content: [{ type: 'text', text: 'ok' }],
    structuredContent: told,
    _meta: { 'truenas-mcp-server/view': told },
  });
  expect(_meta?.['truenas-mcp-server/view']).toEqual(structuredContent);
  expect(JSON.stringify(_meta)).not.toContain(secret);
  expect(JSON.stringify(_meta)).toContain('"means":[1,null]');
});
