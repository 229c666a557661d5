import * as z from 'zod';
import {
  ACCOUNT_TROUBLES,
  type AccountFacts,
  judgeAccounts,
  judgeKeys,
  judgeServer,
} from '../../findings/accounts.ts';
import type { Finding } from '../../findings/finding.ts';
import { formatInstant } from '../../output/time.ts';
import { plural } from '../../output/units.ts';
import { type OlderProduct, olderProductOf } from '../../policy/older-places.ts';
import { ROLES_TO_READ } from '../../policy/roles.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { widestRoles } from '../items/accounts/roles.ts';
import { clockOf } from '../support/clock.ts';
import { reportPageInputs } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { reportAnswer } from '../support/report.ts';
import { ACCOUNT_USES, type AccountReading, readAccounts } from './account-facts.ts';
import { KEY_USES, readKeys, readServer, SERVER_USES } from './key-facts.ts';

const PARTS = ['accounts', 'keys', 'server'] as const;
const USES = [...new Set(['system.info', ...ACCOUNT_USES, ...KEY_USES, ...SERVER_USES])];
/** Things that are not known and named; the rest is counted. */
const MAX_UNKNOWN = 8;

const COLUMNS: Columns<AccountFacts> = {
  account: { type: 'text', isKey: true, value: ({ name }) => name },
  roles: { type: 'texts', value: ({ roles }) => widestRoles(roles) },
  locked: { type: 'flag', value: ({ isLocked }) => isLocked },
  password: { type: 'flag', value: ({ hasPassword }) => hasPassword },
  second_factor: { type: 'flag', value: ({ hasSecondFactor }) => hasSecondFactor },
  sudo_without_password: { type: 'text', value: ({ sudoWithoutPassword }) => sudoWithoutPassword },
  ssh_keys: { type: 'number', value: ({ sshKeys }) => sshKeys },
  password_days: { type: 'number', value: ({ passwordDays }) => passwordDays },
  last_sign_in: {
    type: 'text',
    value: ({ seenMs }) => (typeof seenMs === 'number' ? formatInstant(seenMs) : seenMs && 'none told'),
  },
};

/** Who may do what, and by which proof. */
export const accessReview = defineTool({
  name: 'access_review',
  toolset: 'accounts',
  isListedOnRequest: true,
  title: 'Access review',
  words:
    'administrators admins who has access second factor two-factor 2FA api keys rotation expiry sudo ssh password unused locked accounts least privilege audit of users',
  description:
    "Administrators, second factor, API keys, SSH and sudo, unused accounts, this server's own key.",
  input: z.strictObject({
    part: z.enum(PARTS).optional(),
    ...reportPageInputs,
  }),
  output: factsOutput,
  carriesFreeText: true,
  uses: USES,
  mayLack: [...USES.map((method) => ({ method })), { method: 'api_key.query', field: 'revoked_reason' }],
  examples: [
    { args: {}, why: 'the whole NAS' },
    { args: { part: 'keys' }, why: 'API keys alone' },
    { args: { part: 'server' }, why: "this server's own key" },
  ],
  async run(nas, input, context) {
    const wanted = (part: (typeof PARTS)[number]): boolean => input.part === undefined || input.part === part;
    const release = await nas.release();
    const product = olderProductOf(release);
    const [clock, people, keys, server] = await Promise.all([
      wanted('keys') ? clockOf(nas, context.now()) : undefined,
      wanted('accounts') ? readAccounts(nas, product) : undefined,
      wanted('keys') ? readKeys(nas, product) : undefined,
      wanted('server') && product === undefined ? readServer(nas) : undefined,
    ]);
    const judged = [
      ...(people === undefined ? [] : [judgeAccounts(people.accounts, people.signIn), groupsOf(people)]),
      ...(keys === undefined ? [] : [judgeKeys(keys.keys, clock?.nowMs ?? context.now())]),
      ...(server === undefined ? [] : [judgeServer(server.who, server.roles, ROLES_TO_READ)]),
    ];
    const unknown = judged.flatMap((each) => each.unknown);
    const rest = unknown.length > MAX_UNKNOWN ? [`${unknown.length - MAX_UNKNOWN} more`] : [];
    const since = people?.signIn.seenSince ?? null;
    return reportAnswer({
      tool: 'access_review',
      release,
      args: input,
      headline: headlineOf(people, keys, server?.who),
      findings: judged.flatMap((each) => each.findings),
      unjudged: [
        ...[people, keys, server].flatMap((part) => part?.gaps ?? []),
        ...unknown.slice(0, MAX_UNKNOWN),
        ...rest,
        ...(clock?.isGuessed === true ? ['how old keys are'] : []),
      ],
      lines: [
        ...(clock?.notes ?? []),
        ...(server === undefined ? [] : [serverLine(server)]),
        ...(product === undefined
          ? []
          : OLDER_FACTS[product].flatMap(([part, line]) => (wanted(part) ? [line] : []))),
        ...(since === null
          ? []
          : [
              `Sign-ins are told since ${since}, to the API, the web interface and SMB; those over SSH and NFS are not in the log.`,
            ]),
      ],
      ...(people === undefined || people.accounts.length === 0
        ? {}
        : {
            table: {
              noun: 'accounts',
              columns: COLUMNS,
              rows: people.accounts.toSorted(mightiestFirst),
            },
          }),
      pageRows: 15,
      budgetTokens: context.budgetTokens,
    });
  },
});

/** What holds for every NAS of these releases, and is therefore not asked of each account and key. */
const OLDER_FACTS: Readonly<Record<OlderProduct, readonly (readonly [(typeof PARTS)[number], string])[]>> = {
  CORE: [
    [
      'accounts',
      'TrueNAS CORE has no privileges: root alone administers, by one second factor for the whole NAS.',
    ],
    ['accounts', 'It keeps no audit log: when accounts signed in last is in no answer.'],
    [
      'keys',
      'API keys of TrueNAS CORE are all those of root and never expire: each works until it is deleted.',
    ],
    [
      'server',
      'This server reads by such a key, with full administration; CORE has no narrower one. It changes nothing there.',
    ],
  ],
  SCALE: [
    [
      'keys',
      'API keys up to 24.10 have no owner and never expire: each works until it is deleted, for what its allow list names.',
    ],
    [
      'server',
      'This server reads by such a key; doctor tells what its allow list lacks. It changes nothing there.',
    ],
  ],
};

function groupsOf({ directoryGroups, sudoGroups }: AccountReading) {
  const findings: Finding[] = [
    ...directoryGroups.map(([group, privilege]) => ({
      kind: ACCOUNT_TROUBLES.directory_admins,
      about: group,
      evidence: privilege,
    })),
    ...sudoGroups.map(([group, commands]) => ({
      kind: ACCOUNT_TROUBLES.sudo_without_password,
      about: `group ${group}`,
      evidence: commands === 'all' ? 'every command' : 'some commands',
    })),
  ];
  return { findings, unknown: [] };
}

function serverLine({ who, key, roles }: Awaited<ReturnType<typeof readServer>>): string {
  const held = widestRoles(roles);
  const more = held !== null && held.length > 6 ? ` and ${held.length - 6} more` : '';
  const shown = held === null ? 'UNKNOWN' : `${held.slice(0, 6).join(', ') || 'none'}${more}`;
  return `This server reads as ${who} by key ${key ?? 'UNKNOWN'}: roles ${shown}. All its tools together read with ${ROLES_TO_READ.length} roles, which READONLY_ADMIN includes; a change goes by the key set for changes, if one is.`;
}

function headlineOf(
  people: AccountReading | undefined,
  keys: { readonly keys: readonly unknown[]; readonly gaps: readonly string[] } | undefined,
  server: string | undefined,
): string {
  const isRead = people !== undefined && people.accounts.length > 0;
  const admins = people?.accounts.filter(({ roles }) => (roles ?? []).length > 0).length ?? 0;
  const parts = [
    ...(isRead && people.accounts.every(({ roles }) => roles !== null)
      ? [`${admins} of ${plural(people.accounts.length, 'local account')} may administer`]
      : people === undefined
        ? []
        : ['who may administer is not known']),
    ...(keys === undefined ? [] : keys.gaps.length === 0 ? [plural(keys.keys.length, 'API key')] : []),
    ...(people !== undefined || keys !== undefined || server === undefined
      ? []
      : [`this server reads as ${server}`]),
  ];
  return parts.join(', ') || 'not known';
}

/** Those with most roles first, then by name. */
function mightiestFirst(one: AccountFacts, other: AccountFacts): number {
  const rank = ({ roles }: AccountFacts): number =>
    roles === null ? 1 : roles.includes('FULL_ADMIN') ? 0 : roles.length > 0 ? 2 : 3;
  return rank(one) - rank(other) || one.name.localeCompare(other.name);
}
