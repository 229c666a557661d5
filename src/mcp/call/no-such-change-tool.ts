/** The problem of a plan for a change tool that does not exist, or is not offered. */
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { findTools } from '../../tools/api/find-tools.ts';
import type { ChangeTool } from '../../tools/define.ts';
import type { Findable } from '../../tools/support/findable.ts';

/**
 * Says which tool may be meant: by a name that is near, or by the words of the name; or what keeps it from being offered.
 * @param findTool the change tool of a name, if this server offers it
 */
export async function noSuchChangeTool(
  wanted: string,
  findables: readonly Findable[] = [],
  findTool: (name: string) => Promise<ChangeTool | undefined>,
): Promise<InputProblem> {
  const known = findables.find(({ name }) => name === wanted);
  if (known?.needs !== undefined)
    return new InputProblem(
      'tool',
      `${wanted} is not offered as this server is set up`,
      `it needs ${known.needs}`,
    );
  if (known !== undefined)
    return new InputProblem('tool', `${wanted} is not a change that can be planned`, 'call it by its name');
  const offered = findables.filter(({ needs }) => needs === undefined);
  const byName = nearNames(
    wanted,
    offered.map(({ name }) => name),
  );
  const near = [...byName, ...findTools(wanted.replaceAll('_', ' '), offered).map(({ name }) => name)];
  const changes: string[] = [];
  for (const name of new Set(near)) if ((await findTool(name)) !== undefined) changes.push(name);
  return new InputProblem(
    'tool',
    `no change tool is called ${safeCell(wanted, 60)}`,
    didYouMean(changes.slice(0, 3)) ?? 'search_api finds change tools by what they do',
  );
}
