/** The map of a pool: its vdevs and their disks by class. What is in trouble stands out, with what one needs to find it in the case. */
import { formatBytes, formatPercent } from '../../../output/units.ts';
import type { ToolCall } from '../bridge.ts';
import { type JsonObject, numberOf, objectsOf, textOf, textsOf } from '../json.ts';
import { UsageBar } from '../parts/bar.tsx';
import { CallButton } from '../parts/call-button.tsx';
import { Mark, type State, StateWord } from '../parts/state.tsx';
import type { Drawing, View } from '../view.ts';

/** A vdev or a disk. */
interface Member {
  readonly name: string;
  readonly status: string;
  readonly state: State;
  /** Errors that ZFS has counted, where there are any. */
  readonly errors: string | undefined;
  /** Model and serial, of one in trouble. */
  readonly identity: string | undefined;
}

interface Vdev extends Member {
  readonly vdevClass: string;
  readonly members: readonly Member[];
}

/** What each class of vdevs is for. */
const CLASSES: Readonly<Record<string, string>> = {
  data: 'Data',
  special: 'Special (metadata)',
  dedup: 'Deduplication',
  log: 'Log (SLOG)',
  cache: 'Cache (L2ARC)',
  spare: 'Spares',
};

/** Draws the answer of get_pool. */
export const poolMap: View = {
  name: 'pool-map',
  tools: ['get_pool'],
  draw({ data, open }) {
    const name = textOf(data['name']);
    const status = textOf(data['status']);
    if (name === undefined || status === undefined) return undefined;
    const vdevs = vdevsOf(data);
    const problems = textsOf(data['problems']);
    const unknown = textsOf(data['unknown']);
    const hidden = numberOf(data['hiddenDisks']) ?? 0;
    const state = worst([stateOf(status), ...(problems.length > 0 ? ['warning' as const] : [])]);
    return (
      <article class="pool-map">
        <header class={`verdict ${state}`}>
          <Mark state={state} size={40} />
          <div>
            <h1>
              {name} <span class="quiet">{status}</span>
            </h1>
            <p class="quiet">{facts(data)}</p>
          </div>
        </header>
        {(problems.length > 0 || unknown.length > 0) && (
          <ul class="reasons" aria-label="Problems">
            {problems.map((text) => (
              <li class={state}>
                <Mark state={state} />
                <span>{text}</span>
              </li>
            ))}
            {unknown.length > 0 && (
              <li class="unknown">
                <Mark state="unknown" />
                <span>Not known: {unknown.join(', ')}</span>
              </li>
            )}
          </ul>
        )}
        <UsageBar
          label="Raw space, parity included"
          usedBytes={numberOf(data['usedBytes'])}
          sizeBytes={numberOf(data['sizeBytes'])}
        />
        {vdevs.length === 0 && <p>Its layout is not known: the NAS told no vdevs.</p>}
        {classesOf(vdevs).map(([vdevClass, entries]) => (
          <section class="vdev-class" aria-label={CLASSES[vdevClass] ?? vdevClass}>
            <h2>{CLASSES[vdevClass] ?? vdevClass}</h2>
            <div class="vdevs">
              {entries
                .filter(({ members }) => members.length > 0)
                .map((vdev) => (
                  <VdevBox vdev={vdev} open={open} />
                ))}
              <Disks disks={entries.filter(({ members }) => members.length === 0)} open={open} />
            </div>
          </section>
        ))}
        {hidden > 0 && <p class="quiet">{hidden} healthy disks of this large pool are not in this answer.</p>}
        <p class="row">
          <CallButton
            call={{ tool: 'list_disks', args: { pool: name } }}
            open={open}
            label="All disks of this pool"
          />
        </p>
      </article>
    );
  },
};

function VdevBox({ vdev, open }: { readonly vdev: Vdev; readonly open: Drawing['open'] }) {
  const { name, status, state, errors, members } = vdev;
  return (
    <section class={`vdev ${state}`} aria-label={`vdev ${name}, ${status}`}>
      <h3>
        {name} <StateWord state={state} word={status} />
      </h3>
      {errors !== undefined && <p class="quiet">{errors}</p>}
      <Disks disks={members} open={open} />
    </section>
  );
}

function Disks({ disks, open }: { readonly disks: readonly Member[]; readonly open: Drawing['open'] }) {
  if (disks.length === 0) return null;
  return (
    <ul class="disks">
      {disks.map((disk) => (
        <Disk disk={disk} open={open} />
      ))}
    </ul>
  );
}

/** A disk as one sees it in the case; a click asks for all about it. */
function Disk({ disk, open }: { readonly disk: Member; readonly open: Drawing['open'] }) {
  const { name, status, state, errors, identity } = disk;
  const call: ToolCall = { tool: 'get_disk', args: { disk: name } };
  const content = (
    <>
      <span class="disk-name">
        <Mark state={state} size={14} /> {name}
      </span>
      <span class="disk-status">{status}</span>
      {errors !== undefined && <span class="disk-more">{errors}</span>}
      {identity !== undefined && <span class="disk-more">{identity}</span>}
    </>
  );
  // Parts of a vdev such as spare-0 are no disks of which the NAS could tell more.
  const isDisk = /^(?:sd[a-z]+|nvme\d+n\d+|da\d+|ada\d+|vd[a-z]+|pmem\d+)$/u.test(name);
  return (
    <li class={`disk ${state}`}>
      {open === undefined || !isDisk ? (
        <div class="disk-body">{content}</div>
      ) : (
        <button type="button" class="disk-body" onClick={() => open(call)}>
          {content}
        </button>
      )}
    </li>
  );
}

/** The vdevs with their members; of a member that the answer does not name as troubled all is well. */
function vdevsOf(data: JsonObject): readonly Vdev[] {
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
      identity: own?.identity,
      members: textsOf(vdev['members']).map((member): Member => {
        const found = troubleOf(member);
        if (found === undefined) {
          return isUnknown(member)
            ? {
                name: member,
                status: 'errors unknown',
                state: 'unknown',
                errors: undefined,
                identity: undefined,
              }
            : { name: member, status: 'in service', state: 'ok', errors: undefined, identity: undefined };
        }
        return { ...found, state: errorState(found.status) };
      }),
    };
  });
}

function nameIn(fact: string): string {
  return fact.replace(/^\w+ of /u, '').replace(/ \(\w+\)$/u, '');
}

const CRITICAL = new Set(['FAULTED', 'UNAVAIL', 'REMOVED', 'OFFLINE', 'CORRUPT', 'SUSPENDED']);

/** How well a thing with this status of ZFS is; a word that ZFS does not have is unknown. */
function stateOf(status: string): State {
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

function worst(states: readonly State[]): State {
  return ORDER.find((state) => states.includes(state)) ?? 'unknown';
}

function classesOf(vdevs: readonly Vdev[]): readonly (readonly [string, readonly Vdev[]])[] {
  const names = [...new Set(vdevs.map(({ vdevClass }) => vdevClass))];
  return names.map((name) => [name, vdevs.filter(({ vdevClass }) => vdevClass === name)]);
}

function facts(data: JsonObject): string {
  const available = numberOf(data['availableBytes']);
  const fragmentation = numberOf(data['fragmentationPercent']);
  return [
    available === undefined ? 'available space unknown' : `${formatBytes(available)} available`,
    fragmentation === undefined ? undefined : `${formatPercent(fragmentation)} fragmented`,
    textOf(data['scan']) ?? 'no scan known',
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
