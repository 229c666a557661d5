import * as z from 'zod';
import { DEFAULT_BUDGET_TOKENS, estimateTokens } from '../../output/budget.ts';
import { InputProblem } from '../../output/problem.ts';
import { cutMiddle, safeCell, safeJson, safeRow, safeText } from '../../output/untrusted.ts';
import { methodRefusal } from '../../policy/refusals.ts';
import { webPlaceOf } from '../../policy/web-interface.ts';
import type { ApiMethod } from '../../truenas/catalog/index.ts';
import { accessWord, roleText } from './access-text.ts';
import { caveatsOf } from './caveats.ts';
import { defineApiTool } from './api-tool.ts';
import { exampleOf, exampleParams } from './example.ts';
import { noSuchMethod } from './no-such-method.ts';
import { parameterLines } from './parameter-lines.ts';
import { queryPlaces } from '../../truenas/catalog/query-places.ts';
import { schemaAt } from './schema-path.ts';
import { describedMethod, wayToChange } from './way-to-change.ts';
import { branchesOf, core, itemsOf, propertiesOf } from './schema-walk.ts';

/** Size of an answer, in estimated tokens; the promise is 800 of a real tokenizer. */
const BUDGET_TOKENS = 740;
/** Longest raw schema, in characters for each token of the budget of an answer. */
const FULL_CHARACTERS_PER_TOKEN = 2.2;

/** Explains one method of the API: parameters, a smallest call, roles, traps. */
export const describeApi = defineApiTool({
  name: 'describe_api',
  title: 'Describe an API method',
  description: 'Parameters, smallest valid example, roles and traps of one API method.',
  input: z.strictObject({
    method: z.string(),
    path: z.string().optional().describe('look deeper, e.g. "data.options"'),
    full: z.boolean().optional().describe('raw JSON Schema'),
  }),
  output: z.object({
    method: z.string(),
    access: z.string(),
    job: z.boolean(),
    example: z.string().optional().describe('JSON'),
  }),
  carriesFreeText: true,
  examples: [
    { args: { method: 'sharing.smb.query' }, why: 'a query' },
    { args: { method: 'pool.query' }, why: 'another' },
  ],
  async run(nas, input, context) {
    const { budgetTokens = DEFAULT_BUDGET_TOKENS } = context;
    const method = await describedMethod(nas, input.method, context);
    if (method === undefined) throw await noSuchMethod(nas.catalog, input.method, context);
    const { text, example } =
      input.full === true
        ? fullText(method, input.path, budgetTokens)
        : describe(method, input.path, wayToChange(method.name, context));
    const facts = { method: method.name, access: accessWord(method), job: method.isJob };
    return { text, data: example === undefined ? facts : { ...facts, example } };
  },
});

/**
 * The text for one method, or for the part of it that `path` names, and the example in it.
 * @param way how it is called from here, when it changes something
 */
export function describe(
  method: ApiMethod,
  path?: string,
  way?: string,
): { text: string; example: string | undefined } {
  const { example: value, parts, within } = subject(method, path);
  const example = safeJson(value);
  const head = path === undefined ? headLines(method, way) : [`${method.name}, ${safeCell(path)}:`];
  const foot = [
    ...(example.length > 700 ? [] : [`example${path === undefined ? ' params' : ''}: ${example}`]),
    ...(path === undefined ? caveatsOf(method).map((caveat) => `caution: ${caveat}`) : []),
    ...(path === undefined ? answerLine(method) : []),
  ];
  const left = BUDGET_TOKENS - estimateTokens([...head, ...foot].join('\n')) - 40;
  const { lines, deeper } = parameterLines(parts, left, path === undefined ? '' : within);
  const more =
    deeper === undefined
      ? []
      : [`{…} has more below: describe_api with "path", e.g. ${JSON.stringify(deeper)}`];
  const text = [...head, ...lines.map(safeRow), ...more, ...foot].map(safeText).join('\n');
  return { text, example };
}

function subject(method: ApiMethod, path: string | undefined) {
  if (path === undefined) {
    const places = queryPlaces(method);
    // Filters and options are the same for every query, and call_api_read has arguments of its own for them.
    const isQueryPart = (index: number): boolean => index === places?.filters || index === places?.options;
    const parts =
      places?.within === undefined
        ? method.accepts.filter((_, index) => !isQueryPart(index))
        : method.accepts;
    return { example: exampleParams(method.accepts), parts, within: '' };
  }
  const schema = schemaAt(method, path);
  const name = path.slice(path.lastIndexOf('.') + 1);
  const inner = propertiesOf(core(schema));
  return {
    example: exampleOf(schema, name),
    parts: inner.length > 0 ? inner : [{ name, schema, isRequired: true }],
    within: inner.length > 0 ? path : path.slice(0, Math.max(0, path.lastIndexOf('.'))),
  };
}

function headLines(method: ApiMethod, way: string | undefined): string[] {
  const signature = method.accepts.map(({ name, isRequired }) => (isRequired ? name : `${name}?`)).join(', ');
  const access = accessLine(method, way);
  const kind = method.isJob ? '; runs as a job' : '';
  return [
    `${method.name}(${signature})`,
    ...(method.summary === '' ? [] : [safeRow(method.summary)]),
    `${access}${kind}`,
    ...(queryPlaces(method) === undefined
      ? []
      : ['a query: call_api_read takes filters, select, order_by, offset, limit, count']),
    ...(method.accepts.length === 0 ? ['no parameters'] : []),
  ];
}

function accessLine(method: ApiMethod, way: string | undefined): string {
  const refusal = methodRefusal(method.name);
  if (refusal !== undefined) return refusal.why;
  const access = `access: ${accessWord(method)}, role ${roleText(method)}`;
  if (accessWord(method) === 'read') return access;
  return `${access}; ${way ?? `the API tools do not call it, a person does it in ${webPlaceOf(method.name)}`}`;
}

/** The fields of the answer: the names to select, filter and order by. */
function answerLine(method: ApiMethod): string[] {
  const names = fieldNames(method);
  if (names.length === 0) return [];
  const shown = names.slice(0, 60).join(', ');
  return [`answers with: ${safeCell(shown, 700)}${names.length > 60 ? ', …' : ''}`];
}

function fieldNames(method: ApiMethod): string[] {
  if (method.isJob) return [];
  const shapes = [method.returns, ...branchesOf(method.returns)];
  const objects = shapes.flatMap((shape) => {
    const items = itemsOf(shape);
    return items === undefined ? [shape] : [items, ...branchesOf(items)];
  });
  return [...new Set(objects.flatMap((shape) => propertiesOf(shape).map(({ name }) => name)))];
}

function fullText(
  method: ApiMethod,
  path: string | undefined,
  budgetTokens: number,
): { text: string; example: undefined } {
  if (path === '') throw new InputProblem('path', 'is empty', 'leave it out for all parameters');
  const schema =
    path === undefined
      ? Object.fromEntries(method.accepts.map((parameter) => [parameter.name, parameter.schema]))
      : schemaAt(method, path);
  const of = path === undefined ? 'all parameters' : safeCell(path);
  const json = cutMiddle(safeJson(schema), Math.floor(budgetTokens * FULL_CHARACTERS_PER_TOKEN));
  return { text: `${method.name}, ${of}, JSON Schema:\n${json}`, example: undefined };
}
