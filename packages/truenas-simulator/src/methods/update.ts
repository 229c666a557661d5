/** `update.*`: whether there is a newer version. update-install.ts installs it. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, ONLY_25_04, SINCE_25_10 } from './common.ts';
import { configService, settingsOf } from './config-service.ts';
import { required } from './crud.ts';

const roles = ['SYSTEM_UPDATE_READ'];
const writeRoles = ['SYSTEM_UPDATE_WRITE'];

/** What the NAS says once an update is installed, until it has booted. */
export const APPLIED = 'System update was already applied, system reboot is required.';
const REBOOT_FIRST = { code: 'ERROR', error: { errname: 'EREBOOTREQUIRED', reason: APPLIED } };

/** Kinds of releases, from the boldest to the most cautious. */
const PROFILES = [
  { key: 'EARLY_ADOPTER', name: 'Early Adopter', available: true },
  { key: 'GENERAL', name: 'General', available: true },
  { key: 'MISSION_CRITICAL', name: 'Mission Critical', available: false },
] as const;
/** The kind of release that is installed. */
const CURRENT_PROFILE = 'GENERAL';

export const UPDATE_METHODS: readonly SimMethod[] = [
  {
    name: 'update.status',
    description: 'The installed version, the version there is, and the progress of a download.',
    releases: SINCE_25_10,
    roles,
    run: ({ world }: MethodContext) => ({
      ...(world.system.isUpdateApplied ? REBOOT_FIRST : { code: 'NORMAL', error: null }),
      status: world.system.isUpdateApplied ? null : versions(world),
      update_download_progress: null,
    }),
  },
  {
    name: 'update.available_versions',
    description: 'Versions that can be installed.',
    releases: SINCE_25_10,
    roles,
    run({ world }: MethodContext) {
      const version = newVersion(world);
      return version === null ? [] : [{ train: world.system.train, version }];
    },
  },
  ...configService({
    namespace: 'update',
    entity: 'Update',
    releases: SINCE_25_10,
    roles,
    writeRoles,
    fields: { autocheck: required(z.boolean()), profile: required(text()) },
    check(_context, { data, problems, at }) {
      const profile = PROFILES.find(({ key }) => key === data.profile);
      if (profile === undefined) problems.add(`${at}.profile`, 'Invalid profile');
      else if (!profile.available)
        problems.add(`${at}.profile`, 'This profile is unavailable on the system.');
      return undefined;
    },
  }),
  {
    name: 'update.profile_choices',
    description: 'Kinds of releases that can be offered.',
    releases: SINCE_25_10,
    roles: ['READONLY_ADMIN', ...roles],
    run: () =>
      Object.fromEntries(
        PROFILES.map(({ key, name, available }) => [
          key,
          { name, footnote: '', description: `Releases for ${name.toLowerCase()} use`, available },
        ]),
      ),
  },
  {
    name: 'update.check_available',
    description: 'Looks for a newer version.',
    releases: ONLY_25_04,
    roles,
    params: [['update_check_available', model('CheckAvailable', { train: text().optional() }).prefault({})]],
    run({ world }: MethodContext) {
      if (world.system.isUpdateApplied) return { status: 'REBOOT_REQUIRED' };
      return world.system.newVersion === null
        ? { status: 'UNAVAILABLE' }
        : {
            status: 'AVAILABLE',
            changes: [],
            notice: null,
            notes: null,
            release_notes_url: notesUrl(world.system.newVersion),
            changelog: null,
            version: world.system.newVersion,
          };
    },
  },
  {
    name: 'update.get_trains',
    description: 'Trains of releases, and the one in use.',
    releases: ONLY_25_04,
    roles,
    run: ({ world }: MethodContext) => ({
      trains: { [world.system.train]: { description: 'General availability' } },
      current: world.system.train,
      selected: world.system.train,
    }),
  },
  {
    name: 'update.get_pending',
    description: 'Parts of an update that have been downloaded.',
    releases: ONLY_25_04,
    roles,
    params: [['path', text().nullable().default(null)]],
    run: () => [],
  },
  {
    name: 'update.get_auto_download',
    description: 'True when updates are downloaded by themselves.',
    releases: ONLY_25_04,
    roles,
    returns: z.boolean(),
    run: ({ world }: MethodContext) => settingsOf(world, 'update').autocheck === true,
  },
  {
    name: 'update.set_auto_download',
    description: 'Sets whether updates are downloaded by themselves.',
    releases: ONLY_25_04,
    roles: writeRoles,
    params: [['autocheck', z.boolean()]],
    returns: z.null(),
    run({ world }: MethodContext, autocheck: boolean) {
      world.settings = { ...world.settings, update: { ...settingsOf(world, 'update'), autocheck } };
      return null;
    },
  },
];

function versions(world: World): ApiRow {
  return {
    current_version: {
      train: world.system.train,
      profile: CURRENT_PROFILE,
      matches_profile: matches(world),
    },
    new_version: newVersion(world),
  };
}

/** A more cautious wish than what is installed is not met. */
function matches(world: World): boolean {
  const rank = (wanted: unknown): number => PROFILES.findIndex(({ key }) => key === wanted);
  return rank(CURRENT_PROFILE) >= rank(settingsOf(world, 'update').profile);
}

function newVersion(world: World): ApiRow | null {
  const { newVersion: version } = world.system;
  if (version === null) return null;
  return {
    version,
    manifest: {
      ...{ filename: `TrueNAS-${version}.update`, train: world.system.train, version },
      ...{ filesize: 2_003_791_872, profile: 'GENERAL' },
    },
    release_notes: null,
    release_notes_url: notesUrl(version),
  };
}

function notesUrl(version: string): string {
  return `https://www.truenas.com/docs/scale/gettingstarted/scalereleasenotes/#${version}`;
}
