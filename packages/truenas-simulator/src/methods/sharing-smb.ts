/** `sharing.smb.*`: SMB shares, in the flat form of 25.04 and by purpose and options from 25.10 on. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { asErrors } from '../schema/arguments.ts';
import { complaintsOf } from '../schema/issues.ts';
import { model, text } from '../schema/schema.ts';
import { placeAt } from '../world/directories.ts';
import type { SmbShare } from '../world/shares.ts';
import { type ApiRow, SINCE_25_10 } from './common.ts';
import { type Check, crud, type Data, type Fields, memoized, optional, required } from './crud.ts';
import { existingPlace, isExternal } from './filesystem.ts';
import { checkPath, placeOf } from './share-path.ts';

const flag = z.boolean();
const texts = z.array(text());
const nonEmptyTexts = z.array(text({ min: 1 }));
const hosts = { hostsallow: texts.default([]), hostsdeny: texts.default([]) };
const mangling = { aapl_name_mangling: flag.default(false) };
const uuid = text({ min: 1 }).nullable().default(null);
const quota = z.int().min(0).max(109_951_162_777_600).default(0);

const purposeOptions = {
  LEGACY_SHARE: {
    recyclebin: flag.default(false),
    path_suffix: uuid,
    ...hosts,
    guestok: flag.default(false),
    streams: flag.default(true),
    durablehandle: flag.default(true),
    shadowcopy: flag.default(true),
    fsrvp: flag.default(false),
    home: flag.default(false),
    acl: flag.default(true),
    afp: flag.default(false),
    timemachine: flag.default(false),
    timemachine_quota: quota,
    ...mangling,
    vuid: uuid,
    auxsmbconf: text().default(''),
  },
  DEFAULT_SHARE: { ...mangling, ...hosts },
  TIMEMACHINE_SHARE: {
    timemachine_quota: quota,
    auto_snapshot: flag.default(false),
    auto_dataset_creation: flag.default(false),
    dataset_naming_schema: text().nullable().default(null),
    vuid: uuid,
    ...hosts,
  },
  MULTIPROTOCOL_SHARE: { ...mangling, ...hosts },
  TIME_LOCKED_SHARE: { grace_period: z.int().min(60).max(15_552_000).default(900), ...mangling, ...hosts },
  PRIVATE_DATASETS_SHARE: {
    dataset_naming_schema: text().nullable().default(null),
    auto_quota: z.int().min(0).default(0),
    ...mangling,
    ...hosts,
  },
  EXTERNAL_SHARE: { remote_path: nonEmptyTexts },
  VEEAM_REPOSITORY_SHARE: hosts,
  FCP_SHARE: { aapl_name_mangling: z.literal(true).default(true), ...hosts },
} satisfies Record<string, z.ZodRawShape>;

type Purpose = keyof typeof purposeOptions;
const PURPOSES = Object.keys(purposeOptions) as [Purpose, ...Purpose[]];
const optionModel = (purpose: Purpose): z.ZodObject<{ purpose: z.ZodLiteral<Purpose> }> =>
  model(purpose, { purpose: z.literal(purpose), ...purposeOptions[purpose] });
const [firstModel, ...otherModels] = PURPOSES.map(optionModel);

const audit = model('SmbAuditConfig', {
  enable: flag.default(false),
  watch_list: nonEmptyTexts.default([]),
  ignore_list: nonEmptyTexts.default([]),
});
const noAudit = { enable: false, watch_list: [], ignore_list: [] };

const fields: Fields = {
  purpose: optional(z.enum(PURPOSES), 'DEFAULT_SHARE'),
  name: required(text()),
  path: required(text({ min: 1 })),
  enabled: optional(flag, true),
  comment: optional(text(), ''),
  readonly: optional(flag, false),
  browsable: optional(flag, true),
  access_based_share_enumeration: optional(flag, false),
  audit: optional(audit, noAudit),
  options: optional(
    z
      .discriminatedUnion('purpose', firstModel === undefined ? ([] as never) : [firstModel, ...otherModels])
      .nullable(),
    null,
  ),
};

const OLD_PURPOSES = [
  'NO_PRESET',
  'DEFAULT_SHARE',
  'TIMEMACHINE',
  'ENHANCED_TIMEMACHINE',
  'MULTI_PROTOCOL_NFS',
  'PRIVATE_DATASETS',
  'WORM_DROPBOX',
  'VEEAM_REPOSITORY_SHARE',
] as const;

const oldFields: Fields = {
  purpose: optional(z.enum(OLD_PURPOSES), 'DEFAULT_SHARE'),
  path: required(text()),
  path_suffix: optional(text(), ''),
  home: optional(flag, false),
  name: required(text()),
  comment: optional(text(), ''),
  ro: optional(flag, false),
  browsable: optional(flag, true),
  timemachine: optional(flag, false),
  timemachine_quota: optional(z.int(), 0),
  recyclebin: optional(flag, false),
  guestok: optional(flag, false),
  abe: optional(flag, false),
  hostsallow: optional(z.array(z.unknown()), []),
  hostsdeny: optional(z.array(z.unknown()), []),
  aapl_name_mangling: optional(flag, false),
  acl: optional(flag, true),
  durablehandle: optional(flag, true),
  shadowcopy: optional(flag, true),
  streams: optional(flag, true),
  fsrvp: optional(flag, false),
  auxsmbconf: optional(text(), ''),
  enabled: optional(flag, true),
  afp: optional(flag, false),
  audit: optional(
    model('SmbAudit', {
      enable: flag.optional(),
      watch_list: z.array(z.unknown()).optional(),
      ignore_list: z.array(z.unknown()).optional(),
    }),
    noAudit,
  ),
};

const shares = crud<SmbShare>({
  namespace: 'sharing.smb',
  audited: 'SMB share %',
  takesAnyIdBefore: true,
  entity: 'SharingSMB',
  model: 'SmbShare',
  what: 'SMB shares',
  roles: ['SHARING_SMB_READ'],
  writeRoles: ['SHARING_SMB_WRITE'],
  param: (release) => (isAtLeast(release, '25.10') ? undefined : 'sharingsmb'),
  attribute: 'sharingsmb',
  fields: (release) => (isAtLeast(release, '25.10') ? fields : oldFields),
  table: (world) => world.shares.smb,
  show: shown,
  check,
  beforeDelete({ world }, share) {
    world.smbAcls.delete(share.id);
  },
});

export const SMB_SHARE_METHODS: readonly SimMethod[] = [
  ...shares,
  {
    name: 'sharing.smb.share_precheck',
    description: 'Fails for what would keep a share of this name from being made, or from being used.',
    releases: SINCE_25_10,
    roles: ['READONLY_ADMIN'],
    params: memoized((release) => {
      const asked = model('SharingSMBSharePrecheckArgs', { name: text().nullable().default(null) });
      return [['smb_share_precheck', isAtLeast(release, '27.0') ? asked.prefault({}) : asked]];
    }),
    returns: z.null(),
    run({ world, accounts }: MethodContext, { name }: { readonly name: string | null }) {
      const at = 'sharing.smb.share_precheck';
      const problems = new ValidationErrors();
      if (![...accounts.users.values()].some(({ smb }) => smb)) {
        const needed =
          'TrueNAS server must be joined to a directory service or have at least one local SMB user';
        problems.add(at, `${needed} before creating an SMB share.`);
      }
      const isTaken = world.shares.smb.rows().some((row) => row.name.toLowerCase() === name?.toLowerCase());
      if (isTaken) problems.add(`${at}.name`, 'Share with this name already exists.', ERRNO.EEXIST);
      problems.check();
      return null;
    },
  },
];

function shown(context: MethodContext, share: SmbShare): ApiRow {
  return { ...share, ...placeOf(context, share.path) };
}

const RESERVED = ['global', 'printers', 'homes', 'ipc$'];

function check(context: MethodContext, each: Check<SmbShare>): Data | undefined {
  const { world, release } = context;
  const { data, old, problems, at } = each;
  const options = isAtLeast(release, '25.10') ? settledOptions(context, each) : undefined;
  const name = String(data.name);
  const isTaken = world.shares.smb
    .rows()
    .some((row) => row.id !== old?.id && row.name.toLowerCase() === name.toLowerCase());
  if (isTaken) problems.add(`${at}.name`, 'Share with this name already exists.', ERRNO.EEXIST);
  if (name.trim() === '') problems.add(`${at}.name`, 'Share name cannot be an empty string.');
  if (RESERVED.includes(name.toLowerCase()) && old?.name !== name) {
    problems.add(`${at}.name`, `${name} is a reserved section name, please select another one`);
  }
  checkPlace(context, each);
  return options === undefined
    ? { ...data, path_local: data.path, vuid: old?.vuid ?? '' }
    : { ...data, options };
}

/** Complains of the path; a local one that is not there fails the call as such, and what else is wrong is not told. */
function checkPlace(context: MethodContext, each: Check<SmbShare>): void {
  const { data, problems, at } = each;
  const path = String(data.path);
  const isReferral = data.purpose === 'EXTERNAL_SHARE';
  if (isExternal(path)) {
    if (!isAtLeast(context.release, '25.10')) return;
    if (path !== 'EXTERNAL') problems.add(`${at}.path`, `${path}: Path must be set to "EXTERNAL"`);
    if (isReferral) return;
    const text = 'External paths may only be set for shares with an EXTERNAL_SHARE purpose';
    problems.add(`${at}.path`, text);
    return;
  }
  const isThere = placeAt(context.world.datasets, path) !== null;
  if (!isThere && isReferral) problems.add(`${at}.path`, 'Path does not exist.');
  else existingPlace(context, path);
  checkPath(context.world, path, each);
}

/**
 * The options to store: those of the purpose, without the purpose itself, which the NAS puts in before it checks them. A
 * purpose that is set again without options takes its defaults again.
 * @throws ValidationErrors
 */
function settledOptions({ world, release }: MethodContext, { data, given, old }: Check<SmbShare>): unknown {
  if (old !== null && given.purpose === undefined) {
    if (given.options === undefined) return old.options;
    throw valueError('You must set `purpose` if you set `options`.');
  }
  const purpose = data.purpose as Purpose;
  const options = given.options ?? null;
  if (purpose === 'EXTERNAL_SHARE' && options === null) {
    throw valueError('External shares require explicit options configuration');
  }
  const value = { ...withoutDefaults(options as Data | null), purpose };
  const schema = optionModel(purpose);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const complaints = complaintsOf(['data', 'options', purpose], schema, value, parsed.error.issues);
    throw asErrors(complaints, release);
  }
  const { purpose: _, ...settled } = parsed.data as Data;
  if (!(purpose === 'LEGACY_SHARE' || purpose === 'TIMEMACHINE_SHARE')) return settled;
  const before = old?.options as { vuid?: string | null } | null | undefined;
  return { ...settled, vuid: settled.vuid ?? before?.vuid ?? world.random.uuid() };
}

/** Options as the caller gave them: the ones that were filled in would be foreign to another purpose. */
function withoutDefaults(options: Data | null): Data {
  const filled = optionModel((options?.purpose ?? 'DEFAULT_SHARE') as Purpose).safeParse({
    purpose: options?.purpose,
  });
  const defaults: Data = filled.success ? filled.data : {};
  return Object.fromEntries(
    Object.entries(options ?? {}).filter(([name, value]) => !isDeepStrictEqual(value, defaults[name])),
  );
}

function valueError(text: string): ValidationErrors {
  return new ValidationErrors().add('data', `Value error, ${text}`);
}
