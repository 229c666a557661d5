/** A scripted assistant: it makes fixed calls as the server runs them, and reads what a model would read. */
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { createRunner } from '../../src/mcp/call/run.ts';
import { DEFAULT_BUDGET_TOKENS } from '../../src/output/budget.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { silentLog, type TrueNas } from '../../src/truenas/index.ts';
import { accessTo } from '../support/access.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { NOW_MS } from '../support/tools.ts';
import type { Call } from './question.ts';

/** The texts of the answers, in order. */
export async function answersTo(nas: TrueNas, calls: readonly Call[]): Promise<string[]> {
  const redactor = createRedactor({ ownSecrets: [] });
  const run = createRunner({
    redacted: (value) => value,
    nas: accessTo(async () => nas, redactor),
    now: () => NOW_MS,
    log: silentLog,
    budgetTokens: DEFAULT_BUDGET_TOKENS,
  });
  const texts: string[] = [];
  for (const [name, args = {}] of calls) {
    const tool = ALL_TOOLS.find((each) => each.name === name);
    if (tool?.kind !== 'read') throw new Error(`${name} is no tool that reads`);
    const { signal } = new AbortController();
    const result = await run({
      subject: { kind: 'tool', tool },
      args: { ...args },
      caller: LOCAL_CALLER,
      signal,
    });
    texts.push(result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n'));
  }
  return texts;
}
