import * as z from 'zod';
import { judgeAccess } from '../../findings/access.ts';
import { answersOf, type WayAnswer } from '../../findings/access-answer.ts';
import type { Permission } from '../../findings/permitted.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { reportPageInputs } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { reportAnswer } from '../support/report.ts';
import { ACCESS_USES, type AccessRead, readAccess } from './access-facts.ts';
import { PERSON_USES, personOf } from './person.ts';
import type { AccessRow } from './share-ways.ts';

const COLUMNS: Columns<AccessRow> = {
  way: { type: 'text', maxLength: 80, isKey: true },
  part: { type: 'text', maxLength: 100 },
  who: { type: 'text', maxLength: 100 },
  may: { type: 'text', maxLength: 60 },
};
const PAGE_ROWS = 30;

/** Who gets in to a folder by which way; for one user whether, and why. */
export const whoCanAccess = defineTool({
  name: 'who_can_access',
  toolset: 'sharing',
  title: 'Who can access',
  words: 'permission denied cannot write read why acl rights allowed share folder user group nobody uid 568',
  description: 'Who may use a share or folder; with user: read, write, and why.',
  input: z.strictObject({
    share: z.string().describe('or path, dataset'),
    user: z.string().optional().describe('or uid'),
    ...reportPageInputs,
  }),
  output: factsOutput,
  carriesFreeText: true,
  uses: [...ACCESS_USES, ...PERSON_USES],
  mayLack: [...ACCESS_USES, ...PERSON_USES].map((method) => ({ method })),
  examples: [
    { args: { share: 'media', user: 'alice' }, why: 'one user at an SMB share' },
    { args: { share: 'tank/documents' }, why: 'everybody at a folder' },
    { args: { share: '/mnt/tank/projects', user: '568' }, why: 'an app at a folder' },
    { args: { share: 'homes', user: 'alice' }, why: 'a share with a folder for each user' },
    { args: { share: 'vault', user: 'bob' }, why: 'a locked dataset, and a locked user' },
    { args: { share: 'no-such-share' }, why: 'a name that is none' },
    { args: { share: 'media', user: 'anna' }, why: 'a user who is none' },
  ],
  async run(nas, input, context) {
    const read = input.user === undefined ? undefined : await personOf(nas, 'user', input.user);
    const access = await readAccess(nas, input.share, read?.person);
    const { facts, rows, gaps, isPerUser } = access;
    const answers = answersOf(facts);
    return reportAnswer({
      tool: 'who_can_access',
      release: await nas.release(),
      args: input,
      headline: answers.length > 0 ? headlineFor(access, answers) : headlineOf(access),
      findings: judgeAccess(facts),
      unjudged: [...(read?.gaps ?? []), ...gaps],
      lines: [
        ...answers.map((answer) => answerText(facts.person?.label ?? '', answer)),
        ...(isPerUser && facts.person === undefined
          ? ['Each user gets a folder of their own below: name the user.']
          : []),
        'Judged for the folder itself: those below may have lists of their own. A host must be among those of the share.',
      ],
      table: { noun: 'rules', columns: COLUMNS, rows },
      pageRows: PAGE_ROWS,
      budgetTokens: context.budgetTokens,
    });
  },
});

function headlineOf({ facts: { path, ways, dataset } }: AccessRead): string {
  const names = ways.map(({ label }) => label).join(', ');
  const by = ways.length === 0 ? 'no SMB share or NFS export leads there' : `reached by ${names}`;
  return `${path} (dataset ${dataset ?? 'UNKNOWN'}): ${by}`;
}

function headlineFor({ facts: { path, person } }: AccessRead, answers: readonly WayAnswer[]): string {
  const each = answers.map(({ way, read, write }) => `${way}: ${inShort(read, write)}`);
  return `${person?.label ?? ''} at ${path}: ${each.join('; ')}`;
}

function inShort(read: Permission, write: Permission): string {
  if (read.answer === write.answer)
    return { yes: 'may read and write', no: 'gets in NOT at all', unknown: 'UNKNOWN' }[read.answer];
  return `read ${WORDS[read.answer]}, write ${WORDS[write.answer]}`;
}

const WORDS = { yes: 'yes', no: 'NO', unknown: 'UNKNOWN' };

function answerText(label: string, { way, read, write }: WayAnswer): string {
  const of = ({ answer, by }: Permission) => `${WORDS[answer]} (${by})`;
  return `${label} by ${way}: read ${of(read)}, write ${of(write)}`;
}
