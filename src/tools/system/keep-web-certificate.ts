/** `keep_web_certificate`: the certificate that `use_web_certificate` gave the web interface on trial stays. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineChange } from '../define.ts';
import {
  certificateNamed,
  settingsTarget,
  TRIAL_SECONDS,
  WEB_CERTIFICATE_USES,
  webSettings,
} from './web-certificate.ts';

export const keepWebCertificate = defineChange({
  name: 'keep_web_certificate',
  toolset: 'system',
  access: 'manage',
  isUnlisted: true,
  title: 'Keep the certificate of the web interface',
  words: 'check in checkin confirm trial https tls ssl ui gui',
  description: 'Keeps the certificate that use_web_certificate gave the web interface on trial.',
  input: z.strictObject({ certificate: z.string().min(1).max(120).describe('Its name') }),
  uses: WEB_CERTIFICATE_USES,
  writes: ['system.general.checkin'],
  examples: [{ args: { certificate: 'truenas_default' }, why: 'the one that is in use' }],
  async plan(nas, input): Promise<Change> {
    const [wanted, settings] = await Promise.all([
      certificateNamed(nas, input.certificate),
      webSettings(nas),
    ]);
    const name = safeCell(wanted.name, 80);
    const { certificate: present } = settings;
    if (present !== undefined && present.name !== wanted.name)
      throw new InputProblem(
        'certificate',
        `${name} is not that of the web interface: it has ${safeCell(present.name, 80)}`,
        `The trial is over after ${TRIAL_SECONDS / 60} minutes; use_web_certificate begins another.`,
      );
    return {
      summary: `Keep certificate ${name} of the web interface`,
      calls: [
        { method: 'system.general.checkin', params: [], purpose: `keep certificate ${name}: the trial ends` },
      ],
      targets: [await settingsTarget(nas, { ...settings, sentAlong: {} }, wanted.name)],
      impact: [
        ...(present === undefined
          ? [
              `whether the web interface has ${name} is UNKNOWN: this NAS shows that only to accounts that may change it. A trial that is over has put the one before back, and keeping changes nothing then`,
              ...(wanted.fingerprint === undefined
                ? []
                : [`a browser or TRUENAS_TLS_FINGERPRINT shows it: SHA-256 ${wanted.fingerprint}`]),
            ]
          : []),
        'other settings of the web interface that are on trial are kept with it',
      ],
      undo: { impossible: 'use_web_certificate gives the web interface another one' },
    };
  },
});
