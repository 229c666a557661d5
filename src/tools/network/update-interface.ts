/**
 * `update_interface`: other addresses, DHCP, MTU or description of a network interface, without locking anybody out. The
 * change is on trial until this server has checked in over the new network; if it cannot, the NAS takes it back by itself.
 */
import { isIP } from 'node:net';
import * as z from 'zod';
import type { Change, PlannedCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { field, objectOf, oddAnswer, rowsOf } from '../support/rows.ts';
import { presentTarget, rowThing } from '../support/targets.ts';
import {
  aliasKey,
  checkNothingPending,
  checkStaysReachable,
  fieldsOf,
  LINK,
  type Link,
  type LinkFields,
  linkNamed,
  presentFields,
  sentFields,
} from './interface-fields.ts';

const GATEWAY = { ipv4gateway: field.rawText };

/** How long the NAS waits for the check-in. */
const TRIAL_SECONDS = 60;

export const updateInterface = defineChange({
  name: 'update_interface',
  toolset: 'network',
  access: 'manage',
  isUnlisted: true,
  title: 'Change a network interface',
  words: 'static fixed ip address dhcp network nic mtu jumbo subnet lan',
  description: 'Changes a network interface on trial: what cuts this server off is taken back.',
  input: z.strictObject({
    interface: z.string().min(1).max(60),
    addresses: z
      .array(z.string().min(3).max(60))
      .max(20)
      .optional()
      .describe('All it is to have: 192.0.2.20/24'),
    dhcp: z.boolean().optional(),
    mtu: z.number().int().min(576).max(9216).optional(),
    description: z.string().max(120).optional(),
  }),
  uses: ['interface.query', 'interface.websocket_local_ip', 'network.configuration.config'],
  mayLack: [{ method: 'interface.websocket_local_ip' }, { method: 'network.configuration.config' }],
  writes: ['interface.update', 'interface.commit', 'interface.checkin'],
  examples: [
    { args: { interface: 'enp3s0f1', addresses: ['203.0.113.20/24'] }, why: 'a fixed address' },
    {
      args: { interface: 'enp3s0f0', addresses: ['192.0.2.10/24', '192.0.2.20/24'], mtu: 9000 },
      why: 'a second address beside the one that is in use, and jumbo frames',
    },
  ],
  async plan(nas, input): Promise<Change> {
    const links = rowsOf(await nas.call('interface.query', query()), LINK);
    const link = linkNamed(links, input.interface);
    checkNothingPending(links);
    const fields = fieldsOf(link, links, input);
    const own = await readPart(nas, ownAddress);
    checkStaysReachable(link, fields, own);
    await checkGateway(nas, link, fields);
    const thing = rowThing(`interface ${link.name}`, 'interface.query', ['name', '=', link.name], {
      identity: ['name', 'state.link_address'],
    });
    const moves = fields.aliases !== undefined || fields.ipv4_dhcp !== undefined;
    const target = await presentTarget(
      nas,
      { ...thing, ...(moves ? { renewed: ['state.aliases'] } : {}) },
      { ...fields },
      { absent: () => new InputProblem('interface', `${link.name} is gone`) },
    );
    const [prepare, ...others] = trial(link.name, sentFields(fields));
    const undo = trial(link.name, sentFields(presentFields(link, fields)));
    return {
      summary: `Change interface ${link.name}: ${summaryOf(fields)}`,
      calls: [prepare, ...others],
      targets: [target],
      impact: [
        ...addressLines(link, fields),
        ownLine(own),
        `on trial for ${TRIAL_SECONDS} seconds: unless this server can still reach the NAS and check in, the NAS takes the change back by itself`,
        'another change of the network that somebody has prepared goes into effect with it, where the NAS does not show it: an interface that is to go, DHCP, members of a bridge',
        'services that listen on the interface are started anew, and connections over it may break off',
      ],
      undo: { calls: undo.map((call, index) => ({ ...call, undoes: index })) },
    };
  },
});

/** Prepared, put into effect for a trial, and kept. */
function trial(
  name: string,
  fields: Readonly<Record<string, unknown>>,
): [PlannedCall, PlannedCall, PlannedCall] {
  return [
    { method: 'interface.update', params: [name, fields], purpose: `prepare the change of ${name}` },
    {
      method: 'interface.commit',
      params: [{ rollback: true, checkin_timeout: TRIAL_SECONDS }],
      purpose: `put it into effect, for ${TRIAL_SECONDS} seconds`,
    },
    { method: 'interface.checkin', params: [], purpose: 'keep it, as the NAS can still be reached' },
  ];
}

async function ownAddress(nas: ReadClient): Promise<string> {
  const answer = await nas.call('interface.websocket_local_ip');
  if (typeof answer !== 'string' || isIP(answer) === 0)
    throw oddAnswer(answer, 'the address of this connection');
  return answer;
}

/** @throws InputProblem where the default route goes with DHCP */
async function checkGateway(nas: ReadClient, link: Link, fields: LinkFields): Promise<void> {
  if (link.ipv4_dhcp !== true || fields.ipv4_dhcp !== false) return;
  const read = await readPart(nas, async (reader) =>
    objectOf(await reader.call('network.configuration.config'), GATEWAY),
  );
  if (valueOr(read, { ipv4gateway: null }).ipv4gateway) return;
  throw new InputProblem(
    'dhcp',
    'gives this NAS its default route and name servers, which would go with it',
    `Set them first, in the web interface under Network, Global configuration${'gap' in read ? ` (whether they are set ${gapText(read) ?? ''})` : ''}.`,
  );
}

function summaryOf({ aliases, ipv4_dhcp: dhcp, mtu, description }: LinkFields): string {
  const shown = aliases?.map(aliasKey).join(', ');
  return [
    ...(dhcp === true ? ['addresses by DHCP'] : []),
    ...(shown === undefined || dhcp === true ? [] : [shown === '' ? 'no address' : shown]),
    ...(dhcp === false && shown === undefined ? ['no DHCP'] : []),
    ...(typeof mtu === 'number' ? [`MTU ${mtu}`] : []),
    ...(typeof description === 'string' ? [`description "${safeCell(description, 60)}"`] : []),
  ].join('; ');
}

function addressLines({ state, ipv4_dhcp: dhcp }: Link, { aliases }: LinkFields): string[] {
  if (aliases === undefined) return [];
  const running = (state?.aliases ?? []).filter(({ type }) => type !== 'LINK').map(aliasKey);
  const gone = running.filter((key) => !aliases.some((alias) => aliasKey(alias) === key));
  return [
    `now ${running.length === 0 ? 'without an address' : running.join(', ')}${dhcp === true ? ', by DHCP' : ''}`,
    ...(gone.length === 0 ? [] : [`who uses ${gone.join(', ')} is cut off`]),
  ];
}

function ownLine(own: Part<string>): string {
  const address = valueOr(own, undefined);
  return address === undefined
    ? `by which address this server reaches the NAS is UNKNOWN (${gapText(own) ?? ''}): if it goes, the change is taken back`
    : `this server reaches the NAS by ${address}`;
}
