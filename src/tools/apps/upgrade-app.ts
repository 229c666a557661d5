/** `upgrade_app`: a newer version of an app, with what the catalog says of it. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineChange } from '../define.ts';
import { field, objectOf } from '../support/rows.ts';
import { appFacts, appTarget, findApp, useLines } from './app.ts';

const SUMMARY = {
  upgrade_version: field.rawText,
  upgrade_human_version: field.text,
  latest_version: field.rawText,
  changelog: field.text,
  available_versions_for_upgrade: field.list({ version: field.rawText }),
};

export const upgradeApp = defineChange({
  name: 'upgrade_app',
  toolset: 'apps',
  access: 'manage',
  title: 'Upgrade an app',
  words: 'update newer version container docker application',
  description: 'Upgrades an app, to the newest version unless one is named.',
  input: z.strictObject({
    app: z.string().min(1).max(100),
    version: z.string().min(1).max(60).optional(),
  }),
  uses: ['app.query', 'app.upgrade_summary'],
  writes: ['app.upgrade', 'app.rollback'],
  examples: [{ args: { app: 'nextcloud' }, why: 'to the newest version' }],
  async plan(nas, { app: wanted, version }): Promise<Change> {
    const app = await findApp(nas, wanted);
    if (app.state === 'STOPPED')
      throw new InputProblem(
        'app',
        `${app.name} is stopped: the NAS upgrades only apps that are not`,
        'start_app first.',
      );
    if (app.upgrade_available === false)
      throw new InputProblem(
        'app',
        `${app.name} has no newer version`,
        `It has ${app.version ?? 'an unknown one'}.`,
      );
    const options = version === undefined ? [] : [{ app_version: version }];
    const summary = objectOf(await nas.call('app.upgrade_summary', [app.name, ...options]), SUMMARY);
    const target = summary.upgrade_version ?? summary.latest_version;
    if (target === null)
      throw new InputProblem(
        'version',
        `the NAS does not say which version ${app.name} would get`,
        'Name one.',
      );
    const after = { version: target, state: 'RUNNING' };
    return {
      summary: `Upgrade app ${app.name} from ${app.version ?? 'an unknown version'} to ${safeCell(target, 40)}`,
      calls: [
        {
          method: 'app.upgrade',
          params: [app.name, { app_version: target, snapshot_hostpaths: false }],
          purpose: `upgrade ${app.name} to ${target}`,
          facts: appFacts(app),
        },
      ],
      targets: [await appTarget(nas, app.name, after, { renews: true })],
      impact: [
        `now ${app.human_version ?? '?'}, then ${summary.upgrade_human_version ?? target}`,
        ...(app.state === 'RUNNING' ? [] : [`it is ${app.state ?? 'in an unknown state'} now`]),
        ...useLines(app),
        ...(summary.changelog === null || summary.changelog === ''
          ? ['what is new: the catalog does not say']
          : [`what is new: ${safeCell(summary.changelog, 300)}`]),
        'a new version may change data for good; folders of the NAS that the app uses get no snapshot: create_snapshot first',
      ],
      undo:
        app.version === null
          ? { impossible: 'the version before is not known' }
          : {
              calls: [
                {
                  method: 'app.rollback',
                  params: [app.name, { app_version: app.version, rollback_snapshot: true }],
                  purpose: `take ${app.name} back to ${app.version}, with its own volumes as they were`,
                  undoes: 0,
                },
              ],
              lost: ['what the app has stored in its own volumes since the upgrade'],
            },
    };
  },
});
