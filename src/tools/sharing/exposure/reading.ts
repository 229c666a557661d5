/** Reads the parts that may be open; one that cannot be read leaves the rest. */
import type { Opening } from '../../../findings/exposure.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { gapText, readPart } from '../../support/part.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { type ExposedPart, MAX_THINGS } from './exposed-part.ts';
import { EXPOSED_PARTS, type ExposedName } from './parts.ts';

type Runs = (service: string) => boolean | null;

/** Openings of these parts, stopped services included, and the parts that could not be read. */
export async function readOpenings(nas: ReadClient, names: readonly ExposedName[]) {
  const { runs, gaps } = await readRunning(nas, names);
  const read = await Promise.all(names.map((name) => readOne(nas, EXPOSED_PARTS[name])));
  return {
    runs,
    openings: read.flatMap(({ openings }) => openings),
    gaps: [...gaps, ...read.flatMap((each) => each.gaps)],
  };
}

async function readOne(
  nas: ReadClient,
  part: ExposedPart,
): Promise<{ readonly openings: readonly Opening[]; readonly gaps: readonly string[] }> {
  if (!(await nas.has(part.uses[0]))) return { openings: [], gaps: [] };
  const openings = await readPart(nas, (limited) => part.read(limited));
  if (!('value' in openings)) return { openings: [], gaps: [`${part.title} ${gapText(openings)}`] };
  const isFull = openings.value.length >= MAX_THINGS;
  return { openings: openings.value, gaps: isFull ? [`${part.title} beyond the first ${MAX_THINGS}`] : [] };
}

/** Whether the services of these parts run. A service that the release lacks has no part to judge. */
async function readRunning(nas: ReadClient, names: readonly ExposedName[]) {
  const parts: readonly ExposedPart[] = names.map((name) => EXPOSED_PARTS[name]);
  const there = await Promise.all(parts.map(({ uses }) => nas.has(uses[0])));
  const wanted = parts.flatMap(({ service }, index) => (there[index] === true ? (service ?? []) : []));
  const none: readonly { service: string | null; state: string | null }[] = [];
  const part = await readPart(nas, async (limited) => {
    if (wanted.length === 0) return none;
    const parameters = query({ filters: [['service', 'in', wanted]], select: ['service', 'state'] });
    return rowsOf(await limited.call('service.query', parameters), {
      service: field.rawText,
      state: field.text,
    });
  });
  const rows = 'value' in part ? part.value : none;
  const runs: Runs = (service) => {
    const state = rows.find((row) => row.service === service)?.state ?? null;
    return state === null ? null : state === 'RUNNING';
  };
  const unknown = wanted.filter((service) => runs(service) === null);
  const why = gapText(part);
  const which = unknown.length === 0 ? [] : [`whether ${unknown.join(', ')} runs`];
  return { runs, gaps: why === undefined ? which : [`which services run ${why}`] };
}
