/** The folder that somebody wants in to, its permissions and those above, and the shares that lead to it. */
import type { AccessFacts, Person } from '../../findings/access-facts.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { query } from '../../truenas/query.ts';
import { gapText, type Part, readPart, UNKNOWN_FORM } from '../support/part.ts';
import { PLACE_USES, pathOf, type Place, placeOf } from '../support/path-place.ts';
import { field, rowsOf } from '../support/rows.ts';
import { aboveRows, folderOf, folderRows } from './folder-permissions.ts';
import {
  type AccessRow,
  nfsWay,
  readNfs,
  readSmb,
  type SmbRow,
  shareEntries,
  sharesAt,
  smbWay,
} from './share-ways.ts';

/** Methods that {@link readAccess} reads with. */
export const ACCESS_USES = [
  'sharing.smb.query',
  'sharing.nfs.query',
  'sharing.smb.getacl',
  'service.query',
  'filesystem.getacl',
  ...PLACE_USES,
] as const;

/** Facts to judge, rows to show, and what could not be read. */
export interface AccessRead {
  readonly facts: AccessFacts;
  readonly rows: readonly AccessRow[];
  readonly gaps: readonly string[];
  /** Of SMB shares that give each user a folder below. */
  readonly isPerUser: boolean;
}

/** Folders above that are looked at, from the folder up. */
const MAX_ABOVE = 12;

/** @throws InputProblem for what names no share and no folder */
export async function readAccess(
  nas: ReadClient,
  named: string,
  person: Person | undefined,
): Promise<AccessRead> {
  const meant = await meantPath(nas, named.trim(), person);
  const placed = await placePart(nas, meant);
  const place = 'value' in placed ? placed.value : undefined;
  const path = place?.path ?? meant.path;
  const up = path === undefined ? [] : upwards(path);
  const shares = await sharesTo(nas, meant, up);
  const services = await servicesOf(nas, shares);
  const isLocked = lockOf(place, shares.smb, path);
  const [own, above] = await Promise.all([
    // Where a dataset is locked, only its empty mount point can be seen.
    path === undefined || isLocked === true ? undefined : folderOf(nas, path),
    Promise.all(up.slice(1, MAX_ABOVE).map((each) => folderOf(nas, each))),
  ]);
  const smb = await Promise.all(
    shares.smb.map(async (row) =>
      smbWay(
        row,
        services.stateOf('cifs'),
        row.name === null ? UNKNOWN_FORM : await shareEntries(nas, row.name),
      ),
    ),
  );
  const nfs = await Promise.all(shares.nfs.map((row) => nfsWay(nas, row, services.stateOf('nfs'), person)));
  const ways = [...smb, ...nfs];
  const shown = path === undefined ? 'UNKNOWN' : safeCell(path, 200);
  return {
    facts: {
      path: shown,
      dataset: place?.dataset,
      isLocked,
      isReadonly: place?.readonlyProperty ?? null,
      above: above.map(({ facts }) => facts).toReversed(),
      own: isLocked === false ? own?.facts : undefined,
      ways: ways.map(({ way }) => way),
      person,
    },
    rows: [
      ...ways.flatMap(({ rows }) => rows),
      ...(own === undefined ? [placeRow(shown, isLocked)] : folderRows(own)),
      ...aboveRows(above),
    ],
    gaps: [
      ...('gap' in placed ? [`where ${shown} leads ${gapText(placed)}`] : []),
      ...(isLocked === null ? [`whether the dataset of ${shown} is locked`] : []),
      ...(place !== undefined && place.readonlyProperty === null
        ? [`whether ${place.dataset} is read-only`]
        : []),
      ...meant.gaps,
      ...shares.gaps.filter((gap) => !meant.gaps.includes(gap)),
      ...services.gaps,
      ...[...(own === undefined ? [] : [own]), ...above].flatMap(({ gap }) => gap ?? []),
      ...ways.flatMap(({ gaps }) => gaps),
    ],
    isPerUser: meant.isPerUser,
  };
}

/** @throws InputProblem for a path, that no share named, and at which nothing is */
async function placePart(nas: ReadClient, { path, smb }: Meant): Promise<Part<Place>> {
  if (path === undefined) return UNKNOWN_FORM;
  try {
    return await readPart(nas, () => placeOf(nas, 'share', path));
  } catch (error) {
    if (!(error instanceof InputProblem)) throw error;
    if (smb === undefined && (await isAbsent(nas, path))) throw error;
    return { gap: { kind: 'unreadable', why: safeCell(error.message, 120) } };
  }
}

async function isAbsent(nas: ReadClient, path: string): Promise<boolean> {
  try {
    await nas.call('filesystem.stat', [path]);
    return false;
  } catch (error) {
    return isTrueNasError(error, 'not-found');
  }
}

/** Shares of the folder and of those above; where it is not known which folder, the one that was named. */
async function sharesTo(nas: ReadClient, { path, smb }: Meant, up: readonly string[]) {
  if (path === undefined) return { smb: smb === undefined ? [] : [smb], nfs: [], gaps: [] };
  return sharesAt(nas, [...new Set([...up, ...upwards(path)])]);
}

/** Whether the services of these shares run. */
async function servicesOf(nas: ReadClient, { smb, nfs }: Shares) {
  const names = [...(smb.length > 0 ? ['cifs'] : []), ...(nfs.length > 0 ? ['nfs'] : [])];
  const none: readonly { service: string | null; state: string | null }[] = [];
  const part = await readPart(nas, async (limited) => {
    if (names.length === 0) return none;
    const parameters = query({ filters: [['service', 'in', names]], select: ['service', 'state'] });
    return rowsOf(await limited.call('service.query', parameters), {
      service: field.rawText,
      state: field.text,
    });
  });
  const rows = 'value' in part ? part.value : none;
  const stateOf = (name: string): string | null =>
    rows.find(({ service }) => service === name)?.state ?? null;
  const unknown = names.filter((name) => stateOf(name) === null);
  const why = gapText(part);
  return {
    stateOf,
    gaps: unknown.map((name) => `whether ${name} runs${why === undefined ? '' : ` ${why}`}`),
  };
}

type Shares = Awaited<ReturnType<typeof sharesAt>>;

/** As the dataset says, else the share of that very folder. */
function lockOf(place: Place | undefined, smb: readonly SmbRow[], path: string | undefined): boolean | null {
  const byShare = smb.find((row) => row.path === path)?.locked ?? null;
  return byShare === true ? true : (place?.hasLockedDataset ?? byShare);
}

function placeRow(path: string, isLocked: boolean | null): AccessRow {
  return isLocked === true
    ? { way: 'folder', part: path, who: 'nobody', may: 'reach it: LOCKED' }
    : { way: 'folder', part: path, who: 'UNKNOWN', may: 'UNKNOWN' };
}

/** `/mnt/tank/media`, `/mnt/tank`. */
function upwards(path: string): string[] {
  const parts = path.split('/').slice(1);
  return parts.flatMap((_, index) =>
    parts.length - index >= 2 ? [`/${parts.slice(0, parts.length - index).join('/')}`] : [],
  );
}

/** What is meant: the folder, or a share of which it is not known where it leads. */
interface Meant {
  readonly path: string | undefined;
  readonly isPerUser: boolean;
  readonly smb?: SmbRow;
  readonly gaps: readonly string[];
}

/** The folder of a share of this name, else the path or dataset. */
async function meantPath(nas: ReadClient, named: string, person: Person | undefined): Promise<Meant> {
  if (/[/\\]/u.test(named)) return { path: pathOf(named), isPerUser: false, gaps: [] };
  const smb = await smbNamed(nas, named);
  if ('value' in smb && smb.value !== undefined) return ofSmb(smb.value, named, person);
  const nfs = await readNfs(nas, [['path', '$', `/${named}`]]);
  const gaps = [
    ...('gap' in smb ? [`SMB shares ${gapText(smb)}`] : []),
    ...('gap' in nfs ? [`NFS exports ${gapText(nfs)}`] : []),
  ];
  const paths = 'value' in nfs ? nfs.value.flatMap(({ path }) => path ?? []) : [];
  const [only, ...others] = [...new Set(paths)];
  if (others.length > 0)
    throw new InputProblem(
      'share',
      `names ${others.length + 1} NFS exports`,
      `say which: ${paths
        .slice(0, 5)
        .map((each) => safeCell(each))
        .join(', ')}`,
    );
  return { path: only ?? (await poolPath(nas, named, gaps)), isPerUser: false, gaps };
}

/** The share of this name, in any case. */
async function smbNamed(nas: ReadClient, named: string): Promise<Part<SmbRow | undefined>> {
  const sure = await readSmb(nas, [['name', 'in', [...new Set([named, named.toLowerCase()])]]]);
  if (!('value' in sure)) return sure;
  const [row] = sure.value;
  // The NAS chose it by its name: one whose name is odd is the one.
  if (row !== undefined) return { value: { ...row, name: row.name ?? named } };
  const near = await readSmb(nas, [['name', 'Crin', named]]);
  if (!('value' in near)) return near;
  return { value: near.value.find(({ name }) => name?.toLowerCase() === named.toLowerCase()) };
}

function ofSmb(row: SmbRow, named: string, person: Person | undefined): Meant {
  if (row.path === null) {
    const gaps = [`the path of SMB share ${safeCell(named)}`];
    return { path: undefined, isPerUser: false, smb: row, gaps };
  }
  if (!row.path.startsWith('/mnt/'))
    throw new InputProblem('share', `is no folder of this NAS: ${safeCell(row.path)}`);
  const isPerUser = row.purpose?.startsWith('PRIVATE_DATASETS') === true || row.path_suffix === '%U';
  if (row.purpose === null && person !== undefined) {
    const gaps = [`whether users get folders of their own in SMB share ${safeCell(named)}`];
    return { path: undefined, isPerUser: false, smb: row, gaps };
  }
  const below = isPerUser && person !== undefined ? `/${person.argument}` : '';
  return { path: `${row.path}${below}`, isPerUser, smb: row, gaps: [] };
}

async function poolPath(nas: ReadClient, named: string, unread: readonly string[]): Promise<string> {
  const path = pathOf(named);
  const found = await readPart(nas, async (limited) => {
    await limited.call('filesystem.stat', [path]);
    return true;
  });
  if ('value' in found) return path;
  const all = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('sharing.smb.query', query({ select: ['name'], limit: 1_000 })), {
      name: field.text,
    }),
  );
  const names =
    'value' in all ? all.value.flatMap(({ name }) => (name === null ? [] : [safeCell(name)])) : [];
  throw new InputProblem(
    'share',
    `names no share and no folder: ${JSON.stringify(safeCell(named))}`,
    unread.length > 0
      ? unread.join('; ')
      : (didYouMean(nearNames(named, names)) ?? 'list_shares shows them all'),
  );
}
