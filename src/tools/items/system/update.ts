import type { ReadClient, WireValue } from '../../../truenas/client.ts';
import { gapText, type Part, readPart, UNKNOWN_FORM, valueOr } from '../../support/part.ts';
import { field, objectOf, oddAnswer, rowsOf } from '../../support/rows.ts';
import { defineKind, type WholeRows } from '../kind.ts';

const CURRENT = field.object({ train: field.text, profile: field.text, matches_profile: field.flag });
const NEW = field.nullable({ version: field.text, release_notes_url: field.text });
const PROGRESS = field.object({ percent: field.number, version: field.text });
const ERROR = field.object({ reason: field.text });
const STATUS = {
  code: field.text,
  status: field.object({ current_version: CURRENT, new_version: NEW }),
  error: ERROR,
  update_download_progress: PROGRESS,
};
const CONFIG = { profile: field.text, autocheck: field.flag };
const CHOICE = { version: field.object({ version: field.text }) };
const CHECK = { status: field.text, version: field.text, release_notes_url: field.text };
const TRAINS = { selected: field.text, trains: field.record };

/** Whether there is an update. A NAS asks its maker's server for it. */
export const update = defineKind({
  name: 'update',
  toolset: 'system',
  noun: 'update state',
  about: 'the installed version, the update there is, train or profile, whether it looks by itself',
  reachesOutside: true,
  words: ['upgrade', 'new version', 'available update', 'train', 'software update'],
  sources: [
    { uses: ['update.status', 'update.config', 'update.available_versions'], read: currentRow },
    { uses: ['update.check_available', 'update.get_trains', 'update.get_auto_download'], read: oldRow },
  ],
  row: { release_notes_url: field.text },
  columns: {
    installed: { type: 'text', from: 'installed', isKey: true },
    update: { type: 'text', from: 'update' },
    state: { type: 'text', from: 'state' },
    train: { type: 'text', from: 'train' },
    profile: { type: 'text', from: 'profile' },
    looks_by_itself: { type: 'flag', from: 'looks_by_itself' },
    downloading: { type: 'text', from: 'downloading' },
    error: { type: 'text', from: 'error', maxLength: 200 },
    choices: { type: 'texts', from: 'choices', isOnDemand: true },
    matches_profile: { type: 'flag', from: 'matches_profile', isOnDemand: true },
    notes: { type: 'text', value: (row) => row.release_notes_url, maxLength: 200, isOnDemand: true },
  },
  named: 'installed',
  isSingle: true,
  mayLack: [
    { method: 'update.config' },
    { method: 'update.available_versions' },
    { method: 'update.get_trains' },
    { method: 'update.get_auto_download' },
  ],
  examples: [{ args: {}, why: 'whether there is one' }],
  getExamples: [{ args: {}, why: 'all of it' }],
});

/** 25.10 and later. */
async function currentRow(nas: ReadClient): Promise<WholeRows> {
  const [release, answer, config, choices] = await Promise.all([
    nas.release(),
    nas.call('update.status'),
    readPart(nas, async (limited) => objectOf(await limited.call('update.config'), CONFIG)),
    readPart(nas, async (limited) => rowsOf(await limited.call('update.available_versions'), CHOICE)),
  ]);
  const { code, status, error, update_download_progress: progress } = objectOf(answer, STATUS);
  const found = status?.new_version;
  const row = {
    installed: release.version,
    update: found === null && code === 'NORMAL' ? 'none' : found?.version,
    state: code,
    train: status?.current_version?.train,
    profile: valueOr(config, undefined)?.profile,
    looks_by_itself: valueOr(config, undefined)?.autocheck,
    downloading: progress && `${progress.version ?? '?'}, ${progress.percent ?? '?'} %`,
    error: error?.reason,
    choices: valueOr(choices, null)?.map(({ version }) => version?.version ?? '?'),
    matches_profile: status?.current_version?.matches_profile,
    release_notes_url: found?.release_notes_url,
  };
  return { rows: [row], notes: gapsOf({ 'profile and looks_by_itself': config, choices }) };
}

/** 25.04, which has trains instead of profiles. */
async function oldRow(nas: ReadClient): Promise<WholeRows> {
  const [release, answer, trains, looks] = await Promise.all([
    nas.release(),
    nas.call('update.check_available'),
    readPart(nas, async (limited) => objectOf(await limited.call('update.get_trains'), TRAINS)),
    readPart(nas, async (limited) => flagOf(await limited.call('update.get_auto_download'))),
  ]);
  const check = objectOf(answer, CHECK);
  const isUntold = 'value' in trains && trains.value.selected === null && trains.value.trains === null;
  const told = isUntold ? UNKNOWN_FORM : trains;
  const row = {
    installed: release.version,
    update: check.status === 'UNAVAILABLE' ? 'none' : check.version,
    state: check.status,
    train: valueOr(trains, undefined)?.selected,
    looks_by_itself: valueOr(looks, null),
    choices: Object.keys(valueOr(trains, undefined)?.trains ?? {}),
    release_notes_url: check.release_notes_url,
  };
  return { rows: [row], notes: gapsOf({ 'train and choices': told, looks_by_itself: looks }) };
}

/** @throws TrueNasError (`odd-answer`) for what is no flag */
function flagOf(answer: WireValue): boolean {
  if (typeof answer !== 'boolean') throw oddAnswer(answer, 'true or false');
  return answer;
}

/** Says which columns are empty because they could not be read. */
function gapsOf(parts: Readonly<Record<string, Part<unknown>>>): string[] {
  return Object.entries(parts).flatMap(([names, part]) => {
    const why = gapText(part);
    return why === undefined ? [] : [`${names} ${why}`];
  });
}
