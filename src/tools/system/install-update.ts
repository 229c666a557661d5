/** `install_update`: another version of TrueNAS beside the one that runs. The restart into it is a change of its own. */
import * as z from 'zod';
import type { Change, PlannedCall, Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { formatBytes } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';
import { configThing, leanedOn, presentTarget } from '../support/targets.ts';
import { type Environment, findEnvironment, readEnvironments, shownName } from './environment.ts';

export const installUpdate = defineChange({
  name: 'install_update',
  toolset: 'system',
  access: 'destroy',
  isUnlisted: true,
  title: 'Install an update of TrueNAS',
  words: 'upgrade new newer version release patch pending system truenas operating',
  description:
    'Installs a version of TrueNAS beside the running one; it runs from the next start on (reboot_system). upgrade_check first.',
  input: z.strictObject({
    version: z.string().trim().min(1).max(60).optional().describe('default: the one that the NAS offers'),
  }),
  uses: [
    ...['update.status', 'update.available_versions', 'update.check_available', 'failover.licensed'],
    ...['boot.environment.query', 'boot.get_state'],
  ],
  writes: ['update.run', 'update.update'],
  examples: [{ args: {}, why: 'the version that is offered' }],
  async plan(nas, { version: wanted }): Promise<Change> {
    const pairLines = await pairOf(nas);
    const environments = await readEnvironments(nas);
    const running = findEnvironment(environments, undefined);
    const next = environments.find(({ activated }) => activated === true);
    if (next !== undefined && next.id !== running.id)
      throw new InputProblem(
        'version',
        `the next start runs another system already: ${shownName(next.id)}`,
        'reboot_system starts it; activate_boot_environment chooses another one first.',
      );
    const [chosen, release, room] = await Promise.all([choiceOf(nas, wanted), nas.release(), roomLine(nas)]);
    const from = release.version === '' ? 'UNKNOWN' : safeCell(release.version.replace(/^TrueNAS-/u, ''), 40);
    return {
      summary: `Install TrueNAS ${safeCell(chosen.version, 40)} beside ${from}`,
      calls: [chosen.call],
      targets: [await nextStart(nas), ...chosen.leansOn],
      impact: [
        `from ${from} to ${safeCell(chosen.version, 40)}${chosen.train === undefined ? '' : `, train ${safeCell(chosen.train, 60)}`}`,
        'nobody is cut off yet: the new version runs from the next start on (reboot_system, a consent of its own)',
        ...pairLines,
        ...wayBackLines(running),
        room,
        ...prunedLines(environments),
        'stored passwords and keys: a person saves the configuration with its secret seed before, in the web interface',
        'what stands against it, and what the new version drops: upgrade_check',
        'if the connection is lost meanwhile, the outcome is unknown: list_jobs and boot environments tell it; it is not sent again',
      ],
      undo: {
        impossible: `an installed version stays, but the old one too: until the restart, activate_boot_environment ${JSON.stringify({ environment: running.id })} leaves the NAS as it is`,
      },
    };
  },
});

/** The call that installs, and which version it brings. */
interface Choice {
  readonly version: string;
  readonly train?: string;
  readonly call: PlannedCall;
  /** What has to stay as it is until the call is sent. */
  readonly leansOn: readonly Target[];
}

/**
 * What is not known of a second controller.
 * @throws InputProblem on a pair: one alone must not be updated
 */
async function pairOf(nas: ReadClient): Promise<string[]> {
  if (!(await nas.has('failover.licensed')))
    return [
      'whether the NAS is one of a pair of controllers is UNKNOWN on this release: a pair is updated in the web interface',
    ];
  if ((await nas.call('failover.licensed', [])) !== true) return [];
  throw new InputProblem(
    'version',
    'this NAS has two controllers, and they are updated together',
    'A person does that in the web interface.',
  );
}

/** `update.run` came together with `update.status`; before, `update.update` installed, which saves settings since. */
async function choiceOf(nas: ReadClient, wanted: string | undefined): Promise<Choice> {
  return (await nas.has('update.status')) ? currentChoice(nas, wanted) : oldChoice(nas, wanted);
}

const STATUS = {
  status: field.object({ new_version: field.nullable({ version: field.rawText }) }),
  error: field.object({ reason: field.text }),
};

/** From 25.10 on a version is named together with its train: what was looked at is what is installed. */
async function currentChoice(nas: ReadClient, wanted: string | undefined): Promise<Choice> {
  const { status, error } = objectOf(await nas.call('update.status', []), STATUS);
  if (error !== null)
    throw new InputProblem('version', `the NAS installs nothing now: ${safeCell(error.reason ?? '?', 200)}`);
  const choices = rowsOf(await nas.call('update.available_versions', []), {
    train: field.rawText,
    version: field.object({ version: field.rawText }),
  }).flatMap(({ train, version }) =>
    train === null || version?.version == null ? [] : [{ train, version: version.version }],
  );
  const offered = wanted ?? status?.new_version?.version ?? undefined;
  if (offered === undefined) throw nothingNewer(choices.map(({ version }) => version));
  const found = choices.find(({ version }) => version === offered);
  if (found === undefined)
    throw new InputProblem(
      'version',
      `the NAS does not offer ${safeCell(offered, 60)}`,
      `It offers ${listOf(choices.map(({ version }) => version))}.`,
    );
  return {
    ...found,
    call: {
      method: 'update.run',
      params: [{ train: found.train, version: found.version, reboot: false }],
      purpose: `install TrueNAS ${found.version} beside what runs`,
    },
    leansOn: [],
  };
}

/** 25.04 installs what it offers at that moment: if that is another version by then, nothing is sent. */
async function oldChoice(nas: ReadClient, wanted: string | undefined): Promise<Choice> {
  const { status, version } = objectOf(await nas.call('update.check_available', []), {
    status: field.text,
    version: field.rawText,
  });
  if (status === 'REBOOT_REQUIRED')
    throw new InputProblem('version', 'an update is installed already', 'reboot_system starts it.');
  if (status !== 'AVAILABLE' || version === null) throw nothingNewer([]);
  if (wanted !== undefined && wanted !== version)
    throw new InputProblem(
      'version',
      `this release installs only what it offers, and that is ${safeCell(version, 60)}`,
    );
  const thing = {
    ...configThing('offered update', 'update.check_available'),
    identity: ['status', 'version'],
  };
  return {
    version,
    call: {
      method: 'update.update',
      params: [{ reboot: false }],
      purpose: `install TrueNAS ${version} beside what runs`,
    },
    leansOn: [
      await leanedOn(nas, thing, {
        name: `update to ${safeCell(version, 60)}`,
        absent: () => nothingNewer([]),
      }),
    ],
  };
}

function nothingNewer(others: readonly string[]): InputProblem {
  return new InputProblem(
    'version',
    'the NAS offers no newer version',
    others.length === 0
      ? 'upgrade_check shows what it runs.'
      : `It would install ${listOf(others)} if named.`,
  );
}

function listOf(versions: readonly string[]): string {
  if (versions.length === 0) return 'none';
  return versions
    .slice(0, 10)
    .map((each) => safeCell(each, 60))
    .join(', ');
}

/** Whatever the NAS calls the new boot environment: afterwards another one than before starts next. */
function nextStart(nas: ReadClient): Promise<Target> {
  const read = { method: 'boot.environment.query', params: query({ filters: [['activated', '=', true]] }) };
  return presentTarget(
    nas,
    { name: 'boot environment of the next start', read, identity: [], renewed: ['id'] },
    'present',
    { absent: () => new InputProblem('version', 'the NAS does not say which boot environment starts next') },
  );
}

function wayBackLines({ id, keep }: Environment): string[] {
  return [
    `way back: boot environment ${shownName(id)} stays as it runs now, with its settings`,
    ...(keep === true
      ? []
      : [
          `${shownName(id)} is not kept: a later update may remove it for room (keep_boot_environment before)`,
        ]),
  ];
}

/** The NAS removes old systems by itself where the boot pool has no room for the new one. */
function prunedLines(all: readonly Environment[]): string[] {
  const names = all
    .filter(({ active, activated, keep }) => active !== true && activated !== true && keep !== true)
    .map(({ id }) => shownName(id));
  return names.length === 0
    ? []
    : [`where room is short, the NAS removes for it: ${names.slice(0, 6).join(', ')}`];
}

async function roomLine(nas: ReadClient): Promise<string> {
  const part = await readPart(nas, async (limited) =>
    objectOf(await limited.call('boot.get_state', []), { free: field.integer, size: field.integer }),
  );
  if ('gap' in part) return `room on the boot pool: UNKNOWN, ${gapText(part) ?? ''}`;
  const { free, size } = part.value;
  return free === null || size === null
    ? 'room on the boot pool: UNKNOWN'
    : `room on the boot pool: ${formatBytes(free)} of ${formatBytes(size)}`;
}
