/** The layout of a pool, as the pool map draws it, from the answer of get_pool. */
import { type JsonObject, numberOf, objectsOf, textOf, textsOf } from '../json.ts';
import type { State } from '../parts/state.tsx';

/** A vdev or a disk. */
export interface Member {
  readonly name: string;
  readonly status: string;
  readonly state: State;
  /** Errors that ZFS has counted, where there are any. */
  readonly errors: string | undefined;
  /** Model and serial, of one in trouble. */
  readonly identity: string | undefined;
  /** Where it is in the case, where the NAS tells it. */
  readonly bay: Bay | undefined;
}

/** Numbers as the NAS counts. */
export interface Bay {
  readonly enclosure: number;
  readonly slot: number;
}

/** A vdev with its disks; one of a single disk is the disk itself. */
export interface Vdev extends Member {
  readonly vdevClass: string;
  readonly members: readonly Member[];
}

/** The vdevs with their members; of a member that the answer does not name as troubled all is well. */
export function vdevsOf(data: JsonObject, viewData: JsonObject | undefined): readonly Vdev[] {
  const disks = new Map(objectsOf(viewData?.['disks']).map((disk) => [textOf(disk['name']), disk]));
  const troubled = objectsOf(data['troubled']).map((each) => ({
    name: textOf(each['name']) ?? 'unnamed',
    status: textOf(each['status']) ?? 'UNKNOWN',
    errors: textOf(each['errors']),
    identity: textOf(each['identity']),
  }));
  const troubleOf = (name: string) => troubled.find((each) => each.name === name);
  // `errors of sda`: a count that nobody could read is no zero.
  const unknown = textsOf(data['unknown']);
  const isUnknown = (name: string) =>
    unknown.some((fact) => /^(?:errors|members|status) of /u.test(fact) && nameIn(fact) === name);
  return objectsOf(data['vdevs']).map((vdev) => {
    const name = textOf(vdev['name']) ?? 'unnamed';
    const own = troubleOf(name);
    const status = textOf(vdev['status']) ?? own?.status ?? 'UNKNOWN';
    return {
      name,
      status,
      vdevClass: textOf(vdev['class']) ?? 'unknown',
      state: worst([
        stateOf(status),
        ...(own?.errors === undefined ? [] : [errorState(own.status)]),
        ...(isUnknown(name) ? ['unknown' as const] : []),
      ]),
      errors: own?.errors,
      identity: own?.identity ?? identityOf(disks.get(name)),
      bay: bayOf(disks.get(name)),
      members: textsOf(vdev['members']).map((member): Member => {
        const found = troubleOf(member);
        const disk = disks.get(member);
        const known = { identity: identityOf(disk), bay: bayOf(disk) };
        if (found !== undefined)
          return {
            ...known,
            ...found,
            identity: found.identity ?? known.identity,
            state: errorState(found.status),
          };
        const [status, state] = isUnknown(member)
          ? (['errors unknown', 'unknown'] as const)
          : (['in service', 'ok'] as const);
        return { ...known, name: member, status, state, errors: undefined };
      }),
    };
  });
}

function identityOf(disk: JsonObject | undefined): string | undefined {
  return disk && `${textOf(disk['model']) ?? '-'}, serial ${textOf(disk['serial']) ?? '-'}`;
}

function bayOf(disk: JsonObject | undefined): Bay | undefined {
  const slot = numberOf(disk?.['slot']);
  return slot === undefined ? undefined : { enclosure: numberOf(disk?.['enclosure']) ?? 0, slot };
}

function nameIn(fact: string): string {
  return fact.replace(/^\w+ of /u, '').replace(/ \(\w+\)$/u, '');
}

const CRITICAL = new Set(['FAULTED', 'UNAVAIL', 'REMOVED', 'OFFLINE', 'CORRUPT', 'SUSPENDED']);

/** How well a thing with this status of ZFS is; a word that ZFS does not have is unknown. */
export function stateOf(status: string): State {
  if (status === 'ONLINE' || status === 'INUSE' || status === 'AVAIL') return 'ok';
  if (CRITICAL.has(status)) return 'critical';
  return status === 'DEGRADED' ? 'warning' : 'unknown';
}

/** Of something that the answer names as troubled: a warning where its status says that it works. */
function errorState(status: string): State {
  const state = stateOf(status);
  return state === 'ok' ? 'warning' : state;
}

const ORDER: readonly State[] = ['critical', 'warning', 'unknown', 'ok'];

/** The worst of some states; unknown where there is none. */
export function worst(states: readonly State[]): State {
  return ORDER.find((state) => states.includes(state)) ?? 'unknown';
}
