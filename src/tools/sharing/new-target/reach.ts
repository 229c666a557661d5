/** Addresses that a new iSCSI target listens on, and initiators that it lets in. */
import { InputProblem } from '../../../output/problem.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { leanedOn, rowThing } from '../../support/targets.ts';
import { type Id, madeStep, type Steps } from './steps.ts';

/** Uses the portal with the lowest number; makes one on all addresses where there is none. */
export async function portalStep(nas: ReadClient, name: string, volume: string, steps: Steps): Promise<Id> {
  const [portal] = rowsOf(await nas.call('iscsi.portal.query', query({ orderBy: ['id'] })), {
    id: field.number,
    listen: field.objects({ ip: field.text }),
  });
  if (portal?.id !== undefined && portal.id !== null) {
    const addresses = portal.listen?.map(({ ip }) => ip ?? '?').join(', ') ?? 'UNKNOWN addresses';
    steps.impact.push(`the portal ${portal.id} is used, which listens on ${addresses}`);
    return portal.id;
  }
  const body = { listen: [{ ip: '0.0.0.0' }], comment: name };
  return madeStep(steps, {
    kind: 'portal',
    name: `portal of ${name}`,
    volume,
    body,
    after: { comment: name },
  });
}

/** Uses a group of exactly these initiators; makes one where there is none. */
export async function initiatorStep(
  nas: ReadClient,
  {
    name,
    volume,
    initiators,
  }: { readonly name: string; readonly volume: string; readonly initiators: readonly string[] },
  steps: Steps,
): Promise<Id> {
  const groups = rowsOf(await nas.call('iscsi.initiator.query', query({ orderBy: ['id'] })), {
    id: field.number,
    initiators: field.rawTexts,
  });
  const same = groups.find(
    (group) =>
      group.initiators?.length === initiators.length &&
      initiators.every((each) => group.initiators?.includes(each)),
  );
  if (same?.id !== undefined && same.id !== null) {
    const thing = rowThing('', 'iscsi.initiator.query', ['id', '=', same.id], {
      dataset: volume,
      identity: ['id', 'initiators'],
    });
    const absent = () => new InputProblem('allow', 'names the initiators of a group that is gone');
    steps.targets.push(await leanedOn(nas, thing, { name: `initiator group ${same.id} of ${name}`, absent }));
    return same.id;
  }
  return madeStep(steps, {
    ...{ kind: 'initiator', name: `initiator group of ${name}`, volume },
    ...{ body: { initiators, comment: name }, after: { initiators } },
  });
}
