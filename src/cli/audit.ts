/** `truenas-mcp audit verify FILE`: tells whether the audit of changes was altered. */
import { type AuditProblem, type AuditVerdict, verifyAudit } from '../changes/audit-verify.ts';
import { formatCount, plural } from '../output/units.ts';
import { Problem } from '../truenas/problem.ts';
import { usageError } from './usage.ts';

/** Runs the command; exit code 0 when nothing was altered, 1 when something was, 2 when it cannot be told. */
export async function audit(args: readonly string[]): Promise<number> {
  const [verb, file, ...others] = args;
  if (verb !== 'verify' || file === undefined || others.length > 0)
    return usageError('audit', ['Usage: truenas-mcp audit verify FILE']);
  try {
    const verdict = await verifyAudit(file);
    process.stdout.write(`${verdictText(file, verdict)}\n`);
    return verdict.problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    process.stderr.write(`${error.summary} ${error.nextStep}\n`);
    return 2;
  }
}

/** Most problems that are listed one by one. */
const MAX_SHOWN = 50;

function problemText({ line, reason, file }: AuditProblem): string {
  return [...(file === undefined ? [] : [file]), ...(line === 0 ? [] : [`line ${line}`])]
    .join(', ')
    .concat(`: ${reason}`);
}

function verdictText(file: string, { entries, chains, problems, unchained }: AuditVerdict): string {
  const counted = `${plural(entries, 'entry', 'entries')} of changes in ${plural(chains, 'chain')}, ${formatCount(unchained)} other lines`;
  if (problems.length === 0)
    return `${file}: ${counted}. No entry was altered or inserted, and none taken out of the middle of a chain, by anybody who cannot read its key; the last entries of a chain, and whole chains, could be missing.`;
  return [
    `${file}: ${counted}. ALTERED:`,
    ...problems.slice(0, MAX_SHOWN).map(problemText),
    ...(problems.length > MAX_SHOWN ? [`and ${problems.length - MAX_SHOWN} more`] : []),
  ].join('\n');
}
