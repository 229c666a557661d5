/** The map of a pool: its vdevs and their disks by class. What is in trouble stands out, with what one needs to find it in the case. */
import { formatBytes, formatPercent } from '../../../output/units.ts';
import type { ToolCall } from '../bridge.ts';
import { type JsonObject, numberOf, textOf, textsOf } from '../json.ts';
import { UsageBar } from '../parts/bar.tsx';
import { CallButton } from '../parts/call-button.tsx';
import { Mark, StateWord } from '../parts/state.tsx';
import type { Drawing, View } from '../view.ts';
import { type Bay, type Member, stateOf, type Vdev, vdevsOf, worst } from './pool-layout.ts';

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
  draw({ data, viewData, open }) {
    const name = textOf(data['name']);
    const status = textOf(data['status']);
    if (name === undefined || status === undefined) return undefined;
    const vdevs = vdevsOf(data, viewData);
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
        <Bays vdevs={vdevs} />
        {textOf(viewData?.['disksUnread']) !== undefined && (
          <p class="quiet">Models, serials and bays {textOf(viewData?.['disksUnread'])}</p>
        )}
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
  const { name, status, state, errors, identity, bay } = disk;
  const call: ToolCall = { tool: 'get_disk', args: { disk: name } };
  const content = (
    <>
      <span class="disk-name">
        <Mark state={state} size={14} /> {name}
      </span>
      <span class="disk-status">{status}</span>
      {errors !== undefined && <span class="disk-more">{errors}</span>}
      {bay !== undefined && <span class="disk-more">{bayWords(bay)}</span>}
      {identity !== undefined && state !== 'ok' && <span class="disk-more">{identity}</span>}
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

function bayWords({ enclosure, slot }: Bay): string {
  return enclosure === 0 ? `bay ${slot}` : `shelf ${enclosure}, bay ${slot}`;
}

/** The disks as they sit in the case, in the order of the bays: which one to pull. Only bays with a disk of this pool are known here. */
function Bays({ vdevs }: { readonly vdevs: readonly Vdev[] }) {
  const placed = vdevs
    .flatMap((vdev) => (vdev.members.length > 0 ? vdev.members : [vdev]))
    .flatMap((disk) => (disk.bay === undefined ? [] : [{ ...disk, bay: disk.bay }]))
    .toSorted((a, b) => a.bay.enclosure - b.bay.enclosure || a.bay.slot - b.bay.slot);
  if (placed.length === 0) return null;
  return (
    <section>
      <h2>Bays with disks of this pool</h2>
      <ol class="bays">
        {placed.map(({ bay, name, state, status }) => (
          <li class={`bay ${state}`}>
            <span class="disk-more">{bayWords(bay)}</span>
            <span>
              <Mark state={state} size={12} /> {name}
            </span>
            {state !== 'ok' && <span class="disk-status">{status}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
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
