/**
 * `use_web_certificate`: another certificate for the web interface and the API, on trial. The web interface restarts with
 * it, which cuts this server off; unless somebody checks in afterwards (`keep_web_certificate`), the NAS takes it back.
 */
import * as z from 'zod';
import type { Change, Target, Undo } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { field, rowsOf } from '../support/rows.ts';
import { leanedOn, type Thing } from '../support/targets.ts';
import {
  certificateNamed,
  pinLine,
  settingsTarget,
  TRIAL_SECONDS,
  WEB_CERTIFICATE_USES,
  type WebCertificate,
  type WebSettings,
  webSettings,
} from './web-certificate.ts';

/** The answer is read back before the web interface restarts, and who asked gets it. */
const RESTART_SECONDS = 10;
const TRIAL = `${TRIAL_SECONDS / 60} minutes`;

export const useWebCertificate = defineChange({
  name: 'use_web_certificate',
  toolset: 'system',
  access: 'manage',
  isUnlisted: true,
  title: 'Use a certificate for the web interface',
  words: "https tls ssl ui gui web page let's encrypt browser warning fingerprint",
  description: 'Gives the web interface another certificate on trial; keep_web_certificate keeps it.',
  input: z.strictObject({ certificate: z.string().min(1).max(120).describe('Its name') }),
  uses: WEB_CERTIFICATE_USES,
  writes: ['system.general.update', 'system.general.checkin'],
  examples: [{ args: { certificate: 'nas_example_org' }, why: 'the other certificate of the NAS' }],
  async plan(nas, input): Promise<Change> {
    const [wanted, settings] = await Promise.all([
      certificateNamed(nas, input.certificate),
      webSettings(nas),
    ]);
    const name = safeCell(wanted.name, 80);
    const { certificate: present, sentAlong } = settings;
    if (present?.name === wanted.name)
      throw new InputProblem('certificate', `${name} is that of the web interface already`);
    return {
      summary: `Use certificate ${name} for the web interface, on trial for ${TRIAL}`,
      calls: [
        {
          method: 'system.general.update',
          params: [
            {
              ...sentAlong,
              ui_certificate: wanted.id,
              rollback_timeout: TRIAL_SECONDS,
              ui_restart_delay: RESTART_SECONDS,
            },
          ],
          purpose: `use certificate ${name}, restart the web interface after ${RESTART_SECONDS} seconds, and take it back after ${TRIAL} unless it is kept`,
          before: sentAlong,
        },
      ],
      targets: [await settingsTarget(nas, settings, wanted.name), await certificateTarget(nas, wanted)],
      impact: impactOf(wanted, present),
      undo: await undoOf(nas, settings),
    };
  },
});

/** It has to stay the one whose fingerprint was told. */
async function certificateTarget(nas: ReadClient, { id, name }: WebCertificate): Promise<Target> {
  const thing: Thing = {
    name: `certificate ${safeCell(name, 80)}`,
    read: {
      method: 'certificate.query',
      params: query({ filters: [['id', '=', id]], select: ['id', 'name', 'fingerprint'] }),
    },
    identity: ['id', 'name', 'fingerprint'],
  };
  const absent = () => new InputProblem('certificate', `${safeCell(name, 80)} is gone`);
  return leanedOn(nas, thing, { name: thing.name, absent });
}

function impactOf(wanted: WebCertificate, present: WebSettings['certificate']): string[] {
  const { names, until, isTrial } = wanted;
  return [
    `it is for ${names.length === 0 ? 'no name at all' : names.map((each) => safeCell(each, 80)).join(', ')}, until ${safeCell(until ?? 'UNKNOWN', 40)}: who comes by another name or by an address is warned or refused`,
    ...(isTrial ? ["it is of Let's Encrypt's staging server: every browser warns of it"] : []),
    `${RESTART_SECONDS} seconds after, the web interface restarts: all who use it or the API are cut off for a moment, this server and its sign-in for changes too`,
    pinLine(wanted),
    `on trial for ${TRIAL}: unless keep_web_certificate is approved by then, the NAS takes it back by itself and restarts the web interface once more`,
    present === undefined
      ? 'which certificate it has now is UNKNOWN: this NAS shows that only to accounts that may change it. That the new one is in use shows when this server reaches the NAS with the new fingerprint'
      : `it has ${safeCell(present.name, 80)} now`,
    'another trial of the web interface that somebody has under way ends with it: whether there is one, the NAS does not show',
  ];
}

/** Checked in as well: the trial would put the settings of before the change back a second time. */
async function undoOf(nas: ReadClient, { certificate: present, sentAlong }: WebSettings): Promise<Undo> {
  const id = present === undefined ? null : await idOf(nas, present.name);
  if (present === undefined || id === null)
    return {
      impossible: `which certificate the web interface had is hidden from this server; without keep_web_certificate the NAS takes the change back by itself after ${TRIAL}`,
    };
  const name = safeCell(present.name, 80);
  return {
    calls: [
      {
        method: 'system.general.update',
        params: [{ ...sentAlong, ui_certificate: id, ui_restart_delay: RESTART_SECONDS }],
        before: sentAlong,
        purpose: `use certificate ${name} again, and restart the web interface after ${RESTART_SECONDS} seconds`,
        undoes: 0,
      },
      { method: 'system.general.checkin', params: [], purpose: 'end the trial', undoes: 0 },
    ],
  };
}

async function idOf(nas: ReadClient, name: string): Promise<number | null> {
  const parameters = query({ filters: [['name', '=', name]], select: ['id'] });
  const [row] = rowsOf(await nas.call('certificate.query', parameters), { id: field.number });
  return row?.id ?? null;
}
