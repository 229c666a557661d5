import * as z from 'zod';
import { withSharedCalls } from '../../access/shared-calls.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineTool } from '../define.ts';
import { clockOf } from '../support/clock.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { factsOutput } from '../support/outputs.ts';
import { reportAnswer } from '../support/report.ts';
import { type Diagnosis, SUBJECT_KINDS } from './diagnose/subject.ts';
import { SUBJECTS } from './diagnose/subjects.ts';

const USES = [...new Set(['system.info', ...Object.values(SUBJECTS).flatMap(({ uses }) => uses)])];

const USES_OF: ReadonlyMap<string, readonly string[]> = new Map(
  SUBJECT_KINDS.map((kind) => [kind, ['system.info', ...SUBJECTS[kind].uses]]),
);

/** Why a thing does not work. Each kind of things is a file of its own in `diagnose/`. */
export const diagnoseProblem = defineTool({
  name: 'diagnose_problem',
  toolset: 'system',
  title: 'Diagnose a problem',
  words:
    'why does it not work broken cannot see share permission denied crashed stuck deploying degraded which disk to pull failed locked port in use no incremental base expires what does this alert mean',
  description: 'Why a thing does not work: causes in order, with evidence and next steps.',
  input: z.strictObject({
    subject: z.enum(SUBJECT_KINDS),
    name: z.string().max(300).optional().describe('not needed for network, alert'),
  }),
  synonyms: {
    subject: {
      smb: 'share',
      nfs: 'share',
      dataset: 'pool',
      drive: 'disk',
      interface: 'network',
      cloud_sync: 'task',
      snapshot: 'task',
      rsync: 'task',
    },
  },
  output: factsOutput,
  carriesFreeText: true,
  uses: USES,
  usesFor: ({ subject }) => USES_OF.get(subject) ?? USES,
  mayLack: [
    // How a WebDAV share asks for its password is no cause of any trouble: that it is not known takes nothing from the answer.
    ...USES.filter((method) => method !== 'webdav.config').map((method) => ({ method })),
    { method: 'system.general.config', field: 'ui_certificate' },
  ],
  examples: [
    { args: { subject: 'pool', name: 'backup' }, why: 'a pool with a failed disk' },
    { args: { subject: 'disk', name: 'sdi' }, why: 'a failed disk' },
    { args: { subject: 'share', name: 'vault' }, why: 'a share of a locked dataset' },
    { args: { subject: 'app', name: 'immich' }, why: 'an app that crashed' },
    { args: { subject: 'app', name: 'jellyfin' }, why: 'an app with folders of the NAS' },
    { args: { subject: 'replication', name: 'projects to offsite' }, why: 'a replication that fails' },
    { args: { subject: 'task', name: 'tank/home' }, why: 'another task' },
    { args: { subject: 'pool', name: 'boot-pool' }, why: 'the pool that the NAS starts from' },
    { args: { subject: 'share', name: 'esx' }, why: 'a volume' },
    { args: { subject: 'share', name: 'db' }, why: 'a subsystem' },
    { args: { subject: 'share', name: 'installers' }, why: 'a bucket' },
    { args: { subject: 'replication', name: 'home to backup' }, why: 'a replication within the NAS' },
    { args: { subject: 'task', name: 'Installation media' }, why: 'a copy by rsync' },
    { args: { subject: 'network' }, why: 'links, addresses, gateway, names' },
    { args: { subject: 'certificate', name: 'nas_example_org' }, why: 'a certificate and what uses it' },
    { args: { subject: 'alert' }, why: 'the worst alert, and what it is about' },
  ],
  async run(client, { subject: kind, name = '' }, context) {
    const subject = SUBJECTS[kind];
    if (name.trim() === '' && subject.isNameOptional !== true)
      throw new InputProblem('name', `is needed: the ${kind} that does not work`);
    const nas = withSharedCalls(client);
    const clock = await clockOf(nas, context.now());
    const part = await readPart(nas, (limited) =>
      subject
        .diagnose({ nas: limited, nowMs: clock.nowMs }, name)
        .catch((error: unknown) => notFoundOrUnread(error, kind, name)),
    );
    const { headline, findings, unjudged, lines } = valueOr(part, undefined) ?? notRead(kind, name, part);
    const notJudged = [...unjudged, ...(clock.isGuessed ? ['how old things are'] : [])];
    const none = findings.length === 0 && notJudged.length === 0 ? ['No cause was found.'] : [];
    return reportAnswer({
      tool: 'diagnose_problem',
      release: await nas.release(),
      args: { subject: kind, name },
      headline,
      findings,
      unjudged: notJudged,
      lines: [...none, ...lines, ...clock.notes],
      budgetTokens: context.budgetTokens,
    });
  },
});

/** The thing itself could not be read. */
function notRead(kind: string, name: string, part: Part<unknown>): Diagnosis {
  const about = `${kind} ${safeCell(name, 80)}`.trim();
  return {
    headline: `nothing is known of ${about}`,
    findings: [],
    unjudged: [`${about} ${gapText(part) ?? 'could not be read'}`],
    lines: [],
  };
}

/**
 * What other tools find with `pool` or `disk` is found with `name` here; what may be among things that could not be read is
 * not known.
 */
function notFoundOrUnread(error: unknown, kind: string, name: string): Diagnosis {
  if (!(error instanceof InputProblem)) throw error;
  const { problem, nextStep } = error;
  const unread = [problem, nextStep].filter((text) => /(?:not|could not be) read/u.test(text));
  if (unread.length === 0) throw new InputProblem('name', problem, nextStep);
  return {
    headline: `${kind} ${safeCell(name, 80)} is not among those that could be read`,
    findings: [],
    unjudged: unread.map((text) => safeCell(text, 300)),
    lines: [],
  };
}
