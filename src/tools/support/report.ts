/**
 * The answer of a composite tool: the verdict, findings by kind with what repairs them, what could not be judged, then a table.
 * Every composite answers through here, so that unknown, gaps and next steps read the same everywhere.
 */
import { type Finding, type FindingGroup, groupedFindings } from '../../findings/finding.ts';
import { type Verdict, verdictOf } from '../../findings/verdict.ts';
import { cellOf, factKey } from '../../output/cells.ts';
import { DEFAULT_BUDGET_TOKENS, estimateTokens } from '../../output/budget.ts';
import { listAnswer } from '../../output/list.ts';
import type { Arguments } from '../../output/paging.ts';
import { safeJson } from '../../output/untrusted.ts';
import {
  inOlderWords,
  olderPlaceOfTool,
  type OlderProduct,
  olderProductOf,
} from '../../policy/older-places.ts';
import type { Release } from '../../truenas/releases.ts';
import type { Columns } from '../define-list.ts';
import { pageOf } from './inputs.ts';

/** A table of a report: all its rows; the page is cut here. */
export interface ReportTable<Row> {
  /** Its rows, in the plural. */
  readonly noun: string;
  readonly columns: Columns<Row>;
  readonly rows: readonly Row[];
  /** Notes above the table, already safe. */
  readonly notes?: readonly string[];
}

/** The parts of a report. */
export interface ReportParts<Row> {
  /** Name and arguments of the tool, for the next page. */
  readonly tool: string;
  readonly args: Arguments;
  /** Of the NAS: on one that is only read no change tool is named. */
  readonly release: Release;
  /** What the verdict is about, in a few words: `2 of 9 datasets without a backup`. Safe text. */
  readonly headline: string;
  readonly findings: readonly Finding[];
  /** What could not be read or judged; it makes the verdict UNKNOWN. Safe text. */
  readonly unjudged: readonly string[];
  /** What everything that was read does not tell, such as a trend without a history; the same for the verdict. Safe text. */
  readonly untold?: readonly string[];
  /** Lines after the findings, already safe. */
  readonly lines?: readonly string[];
  /** Words a kind of finding otherwise than in one line. Safe text. */
  readonly wording?: (group: FindingGroup) => string;
  readonly table?: ReportTable<Row>;
  /** Rows of a page when `limit` is not given. */
  readonly pageRows?: number;
  readonly budgetTokens?: number | undefined;
  /** What a view draws besides; absent where none is shown. */
  readonly viewData?: Readonly<Record<string, unknown>> | undefined;
}

/** Text and data. */
export interface ReportAnswer {
  readonly text: string;
  readonly viewData?: Readonly<Record<string, unknown>>;
  readonly data: Record<string, unknown> & { verdict: Verdict };
}

/** Things named of each kind of finding; the rest is counted. */
const MAX_NAMED = 5;

export function reportAnswer<Row>(parts: ReportParts<Row>): ReportAnswer {
  const { findings, unjudged, untold = [], headline, table, wording } = parts;
  const product = olderProductOf(parts.release);
  const lines = (parts.lines ?? []).map((line) =>
    product === undefined ? line : inOlderWords(line, product),
  );
  const groups = groupedFindings(findings);
  const verdict = verdictOf(
    findings.map(({ kind }) => kind),
    [...unjudged, ...untold],
  );
  const head = [
    `${verdict}: ${headline}`,
    ...(unjudged.length > 0 ? [`NOT READ, so not judged: ${unjudged.join('; ')}`] : []),
    ...(untold.length > 0 ? [`NOT KNOWN, so not judged: ${untold.join('; ')}`] : []),
    ...groups.map((group) => wording?.(group) ?? groupLine(group, product)),
    ...lines,
  ];
  const shown = table === undefined ? undefined : tableAnswer(parts, table, head);
  return {
    text: [...head, ...(shown === undefined ? [] : [shown.text])].join('\n'),
    data: {
      verdict,
      headline,
      findings: groups.map((group) => groupData(group, product)),
      ...(unjudged.length + untold.length > 0 ? { unjudged: [...unjudged, ...untold] } : {}),
      ...(lines.length > 0 ? { lines } : {}),
      ...shown?.data,
    },
    ...(parts.viewData === undefined ? {} : { viewData: parts.viewData }),
  };
}

function tableAnswer<Row>(
  { tool, args, pageRows, budgetTokens = DEFAULT_BUDGET_TOKENS }: ReportParts<Row>,
  { noun, columns, rows, notes = [] }: ReportTable<Row>,
  head: readonly string[],
) {
  const { offset, limit } = pageOf(tool, args, pageRows);
  const named = Object.entries(columns);
  return listAnswer({
    tool,
    args,
    noun,
    columns: named.map(([name, column]) => ({ name, key: factKey(name, column) })),
    rows: rows.slice(offset, offset + limit).map((row) =>
      named.map(([name, column]) => {
        const value = column.value === undefined ? (row as Record<string, unknown>)[name] : column.value(row);
        return cellOf(value, column);
      }),
    ),
    offset,
    total: rows.length,
    notes,
    // The head stands in the text and in the data.
    budgetTokens: budgetTokens - 2 * estimateTokens(head.join('\n')),
  });
}

/** `CRITICAL backup.none no backup at all: tank/a (1 TiB), tank/b and 3 more → create_snapshot_task {…}`. */
function groupLine({ kind, findings }: FindingGroup, product: OlderProduct | undefined): string {
  const named = findings
    .slice(0, MAX_NAMED)
    .map(({ about, evidence }) => (evidence === undefined ? about : `${about} (${evidence})`));
  const more = findings.length > MAX_NAMED ? ` and ${findings.length - MAX_NAMED} more` : '';
  const likely = kind.certainty === 'likely' ? ', likely' : '';
  return `${kind.level} ${kind.what}${likely} [${kind.id}]: ${named.join('; ')}${more}${nextOf({ kind, findings }, product)}`;
}

function nextOf({ kind, findings }: FindingGroup, product: OlderProduct | undefined): string {
  const args = findings.find((finding) => finding.arguments !== undefined)?.arguments;
  const next = findings.find((finding) => finding.next !== undefined)?.next ?? kind.seeAlso;
  if (product !== undefined) {
    if (kind.repairedBy !== undefined && (args !== undefined || next === undefined))
      return ` → ${olderPlaceOfTool(kind.repairedBy, product)}`;
    return next === undefined ? '' : ` → ${inOlderWords(next, product)}`;
  }
  if (kind.repairedBy !== undefined && args !== undefined) return ` → ${kind.repairedBy} ${safeJson(args)}`;
  if (kind.repairedBy !== undefined && next === undefined) return ` → ${kind.repairedBy}`;
  return next === undefined ? '' : ` → ${next}`;
}

function groupData(
  { kind, findings }: FindingGroup,
  product: OlderProduct | undefined,
): Record<string, unknown> {
  return {
    id: kind.id,
    level: kind.level,
    count: findings.length,
    ...(kind.certainty === 'likely' ? { certainty: kind.certainty } : {}),
    about: findings.slice(0, 20).map(({ about }) => about),
    ...(kind.repairedBy === undefined || product !== undefined ? {} : { repairedBy: kind.repairedBy }),
  };
}
