import * as z from 'zod';
import { tableLines } from '../../output/table.ts';
import { safeCell } from '../../output/untrusted.ts';
import { plural } from '../../output/units.ts';
import type { ReadableClient } from '../../access/readable-client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import type { ApiMethodSummary } from '../../truenas/catalog/index.ts';
import { absentNotes } from './absent.ts';
import { accessWord, roleText } from './access-text.ts';
import { defineApiTool } from './api-tool.ts';
import { findTools } from './find-tools.ts';
import { searchOver } from './method-search.ts';
import { toolData, toolLines } from './tool-lines.ts';
import { wordsOf } from './words.ts';

/** Longest wait of the first search for the catalog, in milliseconds; then it answers with what was read by then. */
const CATALOG_WAIT_MS = 20_000;

/** Finds tools, and then methods of the NAS's API, by what they are for. */
export const searchApi = defineApiTool({
  name: 'search_api',
  title: 'Search tools and the API',
  description:
    'Finds tools, those that are not listed too, then API methods by what they are for, e.g. "rotate a certificate". Then describe_api.',
  input: z.strictObject({
    query: z.string().min(1).max(200),
    limit: z.int().min(1).max(25).default(8),
  }),
  output: z.looseObject({
    tools: z.array(z.looseObject({})).optional(),
    methods: z.array(z.looseObject({})),
    found: z.int(),
  }),
  carriesFreeText: true,
  examples: [
    { args: { query: 'turn on ssh' }, why: 'words of a person' },
    { args: { query: 'pools' }, why: 'a plain noun' },
  ],
  async run(nas, { query, limit }, { findables }) {
    const tools = findTools(query, (await findables?.()) ?? [], limit);
    const methods = await methodsFor(nas, query, Math.max(limit - tools.length, LEAST_METHODS)).catch(
      (error: unknown) => {
        // Tools are found without the NAS; who finds none has to know why.
        if (tools.length === 0 || !isTrueNasError(error)) throw error;
        return {
          lines: [`API methods were not searched: ${safeCell(error.summary, 200)}`],
          rows: [],
          found: 0,
        };
      },
    );
    return {
      text: [...toolLines(tools), ...methods.lines].join('\n'),
      data: {
        ...(tools.length === 0 ? {} : { tools: tools.map(toolData) }),
        methods: methods.rows,
        found: methods.found,
      },
    };
  },
});

/** Fewest methods that are shown beside tools. */
const LEAST_METHODS = 3;

async function methodsFor(nas: ReadableClient, query: string, limit: number) {
  const listing = await nas.catalog.all({ waitMs: CATALOG_WAIT_MS });
  const { methods: all, unmatched } = (await searchOver(listing.methods))(query);
  const found = readsFirst(all, limit);
  const rows = found.slice(0, limit).map(searchRow);
  const absent = absentNotes(query, listing);
  const notes =
    listing.unread.length === 0
      ? []
      : [
          `note: ${plural(listing.unread.length, 'namespace')} of the NAS not read yet; search again in a moment for all`,
        ];
  const lines = [
    ...headLines(query, found.length, listing.methods.length),
    ...absent,
    ...(absent.length > 0 || found.length === 0 || listing.unread.length > 0
      ? []
      : unmatchedNote(query, unmatched)),
    ...methodTable(rows),
    ...notes,
  ];
  return { lines, rows, found: found.length };
}

/** Reads before everything else among the best: no tool of this version calls the others. */
function readsFirst(found: readonly ApiMethodSummary[], limit: number): ApiMethodSummary[] {
  const [best, rest] = [found.slice(0, limit), found.slice(limit)];
  const isRead = (method: ApiMethodSummary): boolean => accessWord(method) === 'read' && !method.isJob;
  return [...best.filter(isRead), ...best.filter((method) => !isRead(method)), ...rest];
}

/** The best of what is left may be about something else: the reader has to know which word nothing is about. */
function unmatchedNote(query: string, unmatched: readonly string[]): string[] {
  const said = query
    .split(/[^a-z0-9]+/iu)
    .filter((word) => wordsOf(word).some((one) => unmatched.includes(one)));
  if (said.length === 0) return [];
  const shown = said.slice(0, 5).map((word) => safeCell(word, 40));
  return [`no method of this NAS has to do with: ${shown.join(', ')}`];
}

type SearchRow = ReturnType<typeof searchRow>;

function searchRow(method: ApiMethodSummary) {
  return {
    name: method.name,
    access: accessWord(method),
    role: roleText(method),
    job: method.isJob,
    about: safeCell(
      method.summary === '' ? `(${method.parameters.slice(0, 6).join(', ')})` : method.summary,
      90,
    ),
  };
}

function headLines(query: string, found: number, all: number): string[] {
  if (found > 0)
    return [`best of ${found} (of ${all} methods); access "read", no job: works with call_api_read`];
  return [
    `No method for ${safeCell(JSON.stringify(query), 80)} among ${all}. Try the noun TrueNAS uses (dataset, sharing, interface).`,
  ];
}

function methodTable(rows: readonly SearchRow[]): string[] {
  if (rows.length === 0) return [];
  return tableLines(
    ['method', 'access', 'job', 'role', 'about or (parameters)'],
    rows.map((row) => [row.name, row.access, row.job ? 'job' : '', row.role, row.about]),
  );
}
