/** The measured rows as text, Markdown and JSON. */
import { cpus } from 'node:os';
import type { Row } from './measurement.ts';
import type { Summary } from './statistics.ts';

/** One measurement's part of the report. */
export interface Section {
  readonly title: string;
  readonly method: string;
  readonly rows: readonly Row[];
}

/** A whole run. */
export interface Report {
  readonly node: string;
  readonly machine: string;
  readonly date: string;
  readonly sections: readonly Section[];
}

/** A report of this machine, now. */
export function report(sections: readonly Section[]): Report {
  const [processor] = cpus();
  return {
    node: process.version,
    machine: `${process.platform} ${process.arch}, ${cpus().length} × ${processor?.model.trim() ?? 'unknown'}`,
    date: new Date().toISOString().slice(0, 10),
    sections,
  };
}

/** For a terminal. */
export function asText({ node, machine, sections }: Report): string {
  return [
    `Node ${node}, ${machine}`,
    ...sections.map(({ title, method, rows }) => `\n${title}\n${method}\n\n${rows.map(textLine).join('\n')}`),
    '',
  ].join('\n');
}

/** The measured part of docs/performance.md. */
export function asMarkdown({ node, machine, date, sections }: Report): string {
  const head = '| What | Measured | Against | Ratio | Goal |\n|---|---|---|---|---|';
  return [
    `Measured ${date} with Node ${node} on ${machine}. Medians; in brackets the tenth and ninetieth percentile.`,
    ...sections.map(
      ({ title, method, rows }) =>
        `### ${title}\n\n${method}\n\n${head}\n${rows.map(markdownLine).join('\n')}`,
    ),
  ].join('\n\n');
}

function textLine(row: Row): string {
  const against =
    row.against === undefined
      ? ''
      : ` against ${summaryText(row.against.summary, row.unit)} ${row.against.label}`;
  const goal = row.goal === undefined ? '' : ` (goal ${row.goal})`;
  return `  ${row.name}: ${summaryText(row.ours, row.unit)}${against}${row.ratio === undefined ? '' : ` = ${ratioText(row.ratio)}`}${goal}`;
}

function markdownLine(row: Row): string {
  const against =
    row.against === undefined ? '' : `${row.against.label}: ${summaryText(row.against.summary, row.unit)}`;
  const cells = [
    row.name,
    summaryText(row.ours, row.unit),
    against,
    row.ratio === undefined ? '' : ratioText(row.ratio),
    row.goal ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function summaryText({ median, low, high, samples }: Summary, unit: string): string {
  const spread = samples < 3 ? '' : ` [${figure(low)}–${figure(high)}]`;
  return `${figure(median)} ${unit}${spread}`;
}

function ratioText(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}

function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(size >= 10 ? 1 : 2);
}
