import * as z from 'zod';
import { judgeExposure } from '../../findings/exposure.ts';
import type { Finding } from '../../findings/finding.ts';
import { plural } from '../../output/units.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { reportPageInputs } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { reportAnswer } from '../support/report.ts';
import type { ExposedPart } from './exposure/exposed-part.ts';
import { EXPOSED_PARTS, type ExposedName } from './exposure/parts.ts';
import { readOpenings } from './exposure/reading.ts';

const NAMES = Object.keys(EXPOSED_PARTS) as [ExposedName, ...ExposedName[]];
const PARTS: readonly ExposedPart[] = Object.values(EXPOSED_PARTS);
const USES = [...new Set([...PARTS.flatMap(({ uses }) => uses), 'service.query'])];
/** Things of one kind that are not known and named; the rest is counted. */
const MAX_UNKNOWN = 8;

const COLUMNS: Columns<Finding> = {
  thing: { type: 'text', maxLength: 100, isKey: true, value: ({ about }) => about },
  open: { type: 'text', value: ({ kind }) => kind.what },
  seen: { type: 'text', maxLength: 60, value: ({ evidence }) => evidence },
};

/** Everything that is open to everybody. */
export const exposureReport = defineTool({
  name: 'exposure_report',
  toolset: 'sharing',
  isListedOnRequest: true,
  title: 'Exposure report',
  words:
    'open to everyone everybody anonymous guest public insecure unprotected attack surface security audit',
  description: 'What is open to everybody: shares, services, web interface, apps.',
  input: z.strictObject({
    part: z.enum(NAMES).optional(),
    ...reportPageInputs,
  }),
  output: factsOutput,
  view: 'report',
  carriesFreeText: true,
  uses: USES,
  mayLack: [
    ...USES.map((method) => ({ method })),
    { method: 'system.general.config', field: 'ui_certificate' },
  ],
  examples: [
    { args: {}, why: 'the whole NAS' },
    { args: { part: 'nfs' }, why: 'one part' },
    { args: { part: 'ssh' }, why: 'a part that is closed' },
  ],
  async run(nas, input, context) {
    const names = input.part === undefined ? NAMES : [input.part];
    const { openings, gaps, runs } = await readOpenings(nas, names);
    const { findings, unknown } = judgeExposure(openings, runs);
    const rest = unknown.length > MAX_UNKNOWN ? [`${unknown.length - MAX_UNKNOWN} more`] : [];
    return reportAnswer({
      tool: 'exposure_report',
      release: await nas.release(),
      args: input,
      headline: headlineOf(findings, gaps.length + unknown.length > 0),
      findings,
      unjudged: [...gaps, ...unknown.slice(0, MAX_UNKNOWN), ...rest],
      lines: ['What is closed, or whose service does not run, is left out.'],
      ...(findings.length === 0 ? {} : { table: { noun: 'openings', columns: COLUMNS, rows: findings } }),
      pageRows: 20,
      budgetTokens: context.budgetTokens,
    });
  },
});

function headlineOf(findings: readonly Finding[], hasGaps: boolean): string {
  const things = new Set(findings.map(({ about }) => about)).size;
  if (things > 0) return `${plural(things, 'thing')} open to everybody`;
  return hasGaps
    ? 'what is open to everybody is not known'
    : 'nothing that was looked at is open to everybody';
}
