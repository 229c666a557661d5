/** Datasets that a new replication reads and writes. */
import type { Target } from '../../../changes/change.ts';
import type { KnownTargets } from '../../../changes/joined.ts';
import { InputProblem } from '../../../output/problem.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { unknownDataset } from '../../storage/find.ts';
import { datasetThing, isMadeEarlier, leanedOn } from '../../support/targets.ts';
import type { SshConnection } from '../ssh-connection.ts';

/** @throws InputProblem for places that make no copy */
export function checkPlaces(
  sources: readonly string[],
  target: string,
  isPull: boolean,
  connection: SshConnection | undefined,
): void {
  if (isPull && connection === undefined)
    throw new InputProblem(
      'connection',
      'is missing: a pull fetches from another machine',
      'list_items {"kind":"credential"} names the SSH connections',
    );
  if (connection !== undefined) return;
  const inside = sources.find(
    (source) => target === source || target.startsWith(`${source}/`) || source.startsWith(`${target}/`),
  );
  if (inside !== undefined)
    throw new InputProblem('target', `lies in ${inside}, or holds it`, 'a dataset of another pool');
}

/** Datasets of this NAS that it reads or writes. For a target that does not exist yet, the nearest one above it. */
export async function placesOf(
  nas: ReadClient,
  local: readonly string[],
  target: string,
  known: KnownTargets | undefined,
): Promise<Target[]> {
  const found: Target[] = [];
  for (const each of local) {
    if (isMadeEarlier(known, `dataset ${each}`)) continue;
    const argument = each === target ? 'target' : 'source';
    const place = each === target ? await nearestAbove(nas, each) : each;
    if (found.some(({ dataset: other }) => other === place)) continue;
    found.push(
      await leanedOn(nas, datasetThing(place), {
        name: `dataset ${place}`,
        absent: () => unknownDataset(nas, argument, place),
      }),
    );
  }
  return found;
}

/** The dataset, the nearest existing one above it, or its pool. */
async function nearestAbove(nas: ReadClient, name: string): Promise<string> {
  const parts = name.split('/');
  const names = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  const extra = { flat: true, retrieve_children: false, properties: [], retrieve_user_props: false };
  const parameters = query({ filters: [['id', 'in', names]], select: ['id'], extra });
  const answer = await nas.call('pool.dataset.query', parameters);
  const there = new Set((Array.isArray(answer) ? answer : []).map((row) => String(Object(row).id)));
  return names.findLast((each) => there.has(each)) ?? names[0] ?? name;
}
