/** docs/acceptance.md: what people ask, what answers it, and what that costs, from the numbers that the acceptance tests keep. */
import numbers from '../../test/acceptance/numbers.json' with { type: 'json' };
import { code, GENERATED, table } from './markdown.ts';

/** A question or task as test/acceptance/numbers.json has it. */
interface Row {
  readonly id: number;
  readonly asked: string;
  readonly world: string;
  readonly tools: readonly string[];
  readonly tokens: number;
  /** What is missing. */
  readonly todo?: string;
}

/** The first task that changes something. */
const FIRST_TASK = 27;

/** The whole page. */
export function acceptancePage(): string {
  const rows: readonly Row[] = numbers;
  const missing = rows.flatMap(({ id, asked, todo }) =>
    todo === undefined ? [] : [[String(id), asked, todo]],
  );
  const done = rows.filter(({ todo }) => todo === undefined);
  const questions = done.filter(({ id }) => id < FIRST_TASK);
  const tasks = done.filter(({ id }) => id >= FIRST_TASK);
  return [
    GENERATED,
    '# What people ask',
    [
      'Forty questions and tasks in the words of administrators. A script makes fixed calls on a simulated NAS (`--world`), and a',
      'test holds the answers against facts that must be in them, and others that must not. Reading takes at most three calls and',
      '1,500 tokens (o200k) for all answers of a question together. A task is planned, applied and looked at; its tokens are those',
      `of the plans. ${String(done.length)} of ${String(rows.length)} are answered.`,
    ].join('\n'),
    '## Questions',
    table(['#', 'Asked', 'World', 'Calls', 'Tokens'], questions.map(cells)),
    '## Tasks',
    table(['#', 'Asked', 'World', 'Changes', 'Tokens'], tasks.map(cells)),
    ...(missing.length === 0
      ? []
      : ['## Not answered, or only in part', table(['#', 'Asked', 'What is missing'], missing)]),
  ]
    .join('\n\n')
    .concat('\n');
}

function cells({ id, asked, world, tools, tokens }: Row): string[] {
  return [String(id), asked, code(world), tools.map(code).join(', '), String(tokens)];
}
