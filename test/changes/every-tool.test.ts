/**
 * Every change tool, over its own examples, on every release: planning writes nothing, each call fits the contract, applying
 * is seen on the NAS, and what can be undone is undone: the whole NAS is as it was, but for what the undo says.
 */
import { describe, expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import type { Planner } from '../../src/changes/engine.ts';
import { outcomeText } from '../../src/changes/outcome-text.ts';
import type { Plan } from '../../src/changes/plan.ts';
import { planOf } from '../../src/mcp/call/change-call.ts';
import { meantArguments } from '../../src/output/meant-arguments.ts';
import { Problem } from '../../src/truenas/problem.ts';
import { acceptsProblems, hasContract, sayWithoutContract } from '../support/contract.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { type ChangeNas, startChangeNas } from './support/change-nas.ts';
import {
  EXAMPLES_WITH_REMAINS,
  nameOfExample,
  unexplained,
  worldDifferences,
} from './support/world-remains.ts';
import type { ChangeTool, Example } from '../../src/tools/define.ts';

if (!hasContract) sayWithoutContract('the calls of change tools are not held against the contract');

const RELEASES = ['25.04', '25.10', '27.0'] as const;
const CASES = ALL_TOOLS.filter((tool) => tool.kind === 'change').flatMap((tool) =>
  tool.examples.map((example: Example) => ({
    tool,
    example,
    name: nameOfExample(tool.name, example),
  })),
);

it('what is said to remain belongs to an example that there is', () => {
  const names = CASES.map(({ name }) => name);
  expect(EXAMPLES_WITH_REMAINS.filter((each) => !names.includes(each))).toEqual([]);
});

describe.each(RELEASES)('on %s', (release) => {
  it.concurrent.each(CASES)('$name', async ({ tool, example }) => {
    const nas = await startChangeNas({ simulator: { release }, hasWriter: true });
    try {
      expect(await problemsOf(nas, release, tool, example)).toEqual([]);
    } finally {
      await nas.close();
    }
  });
});

type Release = (typeof RELEASES)[number];

/** Whatever is not as promised, in the order in which it shows. */
async function problemsOf(
  nas: ChangeNas,
  release: Release,
  tool: ChangeTool,
  example: Example,
): Promise<string[]> {
  const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
  const isMissing = example.notOn?.includes(release) === true;
  await makeGiven(nas, example);
  const before = nas.simulator.control.worldState();
  let plan: Plan;
  try {
    plan = await nas.engine.plan(asker, plannerOf(tool, example));
  } catch (error) {
    // A release without the method says so in words for a person.
    if (isMissing && error instanceof Problem) return [];
    throw error;
  }
  if (isMissing) return ['the example is said not to work on this release, and is planned'];
  const early = [
    ...nas.writes().map(({ method }) => `planning has sent ${method}`),
    ...worldDifferences(before, nas.simulator.control.worldState()).map(
      ([path, text]) => `planning has changed ${path}: ${text}`,
    ),
  ];
  if (early.length > 0 || plan.obstacles.length > 0) return [...early, ...plan.obstacles];

  const session = await nas.engine.writerFor(plan);
  if (session === undefined) throw new Error('the test has a writer');
  const options = { signal: asker.signal };
  const applied = await nas.engine.apply(plan, session, { ...options, typed: nas.typed(plan) });
  const text = outcomeText(applied.plan, applied.outcome, applied.undo);
  if (applied.outcome.kind !== 'applied') return [text];
  if (applied.undo === undefined || 'impossible' in applied.undo) {
    const isTold = 'impossible' in plan.change.undo;
    return [...(isTold ? [] : [`its undo got lost: ${text}`]), ...misfits(nas, release)];
  }
  const undo = await nas.engine.planUndo(asker, plan.id);
  if (undo.obstacles.length > 0) return [...undo.obstacles];
  const undone = await nas.engine.apply(undo, session, { ...options, typed: nas.typed(undo) });
  return [
    ...(undone.outcome.kind === 'applied' ? [] : [outcomeText(undone.plan, undone.outcome, undone.undo)]),
    ...unexplained(before, nas.simulator.control.worldState(), {
      example: nameOfExample(tool.name, example),
      lost: applied.undo.lost.join('; '),
    }),
    ...misfits(nas, release),
  ];
}

/** Makes what the example needs, and forgets that it was sent. */
async function makeGiven(nas: ChangeNas, { given = [] }: Example): Promise<void> {
  const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
  for (const { tool: name, args } of given) {
    const tool = ALL_TOOLS.find((each) => each.name === name);
    if (tool?.kind !== 'change') throw new Error(`no change tool ${name}`);
    const plan = await nas.engine.plan(asker, plannerOf(tool, { args, why: '' }));
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    const { outcome, undo } = await nas.engine.apply(plan, session, { signal: asker.signal });
    if (outcome.kind !== 'applied') throw new Error(outcomeText(plan, outcome, undo));
  }
  nas.simulator.control.clearCalls();
}

function plannerOf(tool: ChangeTool, { args }: Example): Planner {
  const input = tool.input.parse(meantArguments(tool.input, args, tool.synonyms));
  return planOf(tool, input, { now: Date.now });
}

/** Mutating calls that were sent and do not fit the schema of the release. */
function misfits(nas: ChangeNas, release: Release): string[] {
  if (!hasContract) return [];
  return nas
    .writes()
    .flatMap(({ method, params }) =>
      acceptsProblems(release, method, params).map(
        (problem) => `${method} ${JSON.stringify(params)}: ${problem}`,
      ),
    );
}
