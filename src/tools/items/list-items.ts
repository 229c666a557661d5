/** `list_items`: things of any kind. One tool for all of them, as each entry of tools/list costs every conversation its tokens. */
import * as z from 'zod';
import { answerList, type Question } from '../define-list.ts';
import { defineTool, type Example, type ReadTool } from '../define.ts';
import { orderInput, pageInputs } from '../support/inputs.ts';
import { listOutput } from '../support/outputs.ts';
import { InputProblem } from '../../output/problem.ts';
import { unknownColumn } from './column-filters.ts';
import type { Kind } from './kind.ts';
import { argumentsOfKinds, belongingTo, kindNamed } from './kind-argument.ts';
import { shownColumns } from './kind-rows.ts';
import { type Narrowing, readRows } from './read-kind.ts';

/** The tool for these kinds. */
export function listItemsOf(kinds: readonly Kind[]): ReadTool {
  return defineTool({
    name: 'list_items',
    title: 'List items',
    description:
      'Things of one kind: all that has no tool of its own. A wrong column name is answered with the right ones.',
    ...argumentsOfKinds(kinds, ({ listUses }) => listUses, listItemsOf),
    input: z.strictObject({
      kind: z.enum(kinds.map(({ name }) => name)),
      name: z.string().optional().describe('part, or pattern with *'),
      of: z.string().optional().describe('what they belong to, e.g. the path of directory entries'),
      filter: z
        .array(z.string())
        .optional()
        .describe('all must hold: ["locked=true","uid>1000","last_run<7d","name~media"]'),
      sort: z.string().optional(),
      order: orderInput,
      fields: z.array(z.string()).optional(),
      ...pageInputs,
    }),
    output: listOutput,
    carriesFreeText: true,
    examples: kinds.flatMap((kind) =>
      kind.examples.map(
        ({ args, why }): Example => ({ args: { kind: kind.name, ...args }, why: `${kind.noun}: ${why}` }),
      ),
    ) as [Example, ...Example[]],
    async run(nas, input, context) {
      const kind = kindNamed(kinds, input.kind);
      const columns = shownColumns(kind);
      for (const name of input.fields ?? [])
        if (!columns.some((column) => column.name === name)) throw unknownColumn('fields', name, columns);
      if (input.sort !== undefined && !columns.some((column) => column.name === input.sort))
        throw unknownColumn('sort', input.sort, columns);
      checkOf(kind, input.of);
      const table = { tool: 'list_items', noun: kind.noun, columns, sortedBy: kind.sortedBy ?? kind.named };
      return answerList(
        table,
        input,
        (question: Question<Narrowing>) =>
          belongingTo(input.of, () => readRows(nas, kind, question, context)),
        context,
      );
    },
  });
}

/** @throws InputProblem when the kind's rows belong to something that is not named, or to nothing */
export function checkOf(kind: Kind, of: string | undefined): void {
  if (kind.of === undefined && of !== undefined)
    throw new InputProblem('of', `says nothing about ${kind.noun}`, 'leave it out');
  if (kind.of !== undefined && (of === undefined || of.trim() === ''))
    throw new InputProblem('of', `is missing: whose ${kind.noun}`, kind.of);
}
