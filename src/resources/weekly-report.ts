/** `truenas://report`: one page on the last week, made of the answers of the read tools that WEEKLY_PARTS names. */
import { withSharedCalls } from '../access/shared-calls.ts';
import { problemText } from '../output/problem.ts';
import { protection } from '../tools/protection/index.ts';
import { storage } from '../tools/storage/index.ts';
import type { ReadTool, ToolContext } from '../tools/define.ts';
import { type ReportPart, WEEKLY_PARTS } from '../tools/support/weekly-report.ts';
import { system } from '../tools/system/index.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Reading, ReadingAnswer } from './resource.ts';

const TOOLSETS = { system, storage, protection };

export const weeklyReport: Reading = {
  kind: 'reading',
  uri: 'truenas://report',
  name: 'report',
  title: 'Weekly report',
  description: 'One page on the last week: health, space, backups, failed jobs.',
  mimeType: 'text/plain',
  tool: 'system_overview',
  alsoNeeds: WEEKLY_PARTS.map(({ tool }) => tool),
  completions: {},
  triggers: [{ event: 'alert.list' }, { event: 'pool.query' }],
  async load() {
    const tools = await Promise.all(WEEKLY_PARTS.map(toolOf));
    return {
      uses: [...new Set(tools.flatMap(({ uses }) => uses))],
      carriesFreeText: true,
      read: (nas, _variables, context) => read(withSharedCalls(nas), tools, context),
    };
  },
};

async function toolOf({ toolset, tool }: ReportPart): Promise<ReadTool> {
  const code = await TOOLSETS[toolset].load[tool]?.();
  if (code?.kind !== 'read') throw new Error(`${toolset} has no tool ${tool} that reads`);
  return code;
}

/** One part that cannot be read is said in its place; when none can, that failure is the answer. */
async function read(
  nas: ReadClient,
  tools: readonly ReadTool[],
  context: ToolContext,
): Promise<ReadingAnswer> {
  const parts = await Promise.allSettled(
    WEEKLY_PARTS.map(async ({ args, budgetTokens }, index) => {
      const tool = tools[index];
      if (tool === undefined) throw new Error('a part has no tool');
      return tool.run(nas, tool.input.parse(args), { ...context, budgetTokens });
    }),
  );
  const [first] = parts;
  if (first?.status === 'rejected' && parts.every(({ status }) => status === 'rejected')) throw first.reason;
  const sections = parts.map((part, index) => {
    const { heading = '', changesWith = [] } = WEEKLY_PARTS[index] ?? {};
    if (part.status === 'rejected')
      return { text: `## ${heading}\nNOT READ, so not judged: ${problemText(part.reason)}`, state: null };
    const { text, data } = part.value;
    return { text: `## ${heading}\n${text}`, state: changesWith.map((name) => data[name]) };
  });
  const until = new Date(context.now()).toISOString().slice(0, 10);
  return {
    text: [`# The week until ${until}`, ...sections.map(({ text }) => text)].join('\n\n'),
    state: sections.map(({ state }) => state),
  };
}
