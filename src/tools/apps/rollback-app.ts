/** `rollback_app`: an app goes back to an earlier version. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineChange } from '../define.ts';
import { field } from '../support/rows.ts';
import { appFacts, appTarget, findApp, useLines } from './app.ts';

export const rollbackApp = defineChange({
  name: 'rollback_app',
  toolset: 'apps',
  access: 'destroy',
  title: 'Roll an app back',
  words: 'downgrade previous older version revert undo upgrade container docker application',
  description:
    'Takes an app back to an earlier version; with_data also takes its own volumes back to the snapshot of the upgrade.',
  isUnlisted: true,
  input: z.strictObject({
    app: z.string().min(1).max(100),
    version: z.string().min(1).max(60).optional().describe('Default: the only one there is'),
    with_data: z.boolean().optional().describe('What the app has stored since is lost'),
  }),
  uses: ['app.query', 'app.rollback_versions'],
  writes: ['app.rollback', 'app.upgrade'],
  examples: [{ args: { app: 'jellyfin' }, why: 'to the version before' }],
  async plan(nas, { app: wanted, version, with_data: isWithData = false }): Promise<Change> {
    const app = await findApp(nas, wanted);
    const versions = field.rawTexts(await nas.call('app.rollback_versions', [app.name])) ?? [];
    const target = chosen(app.name, versions, version);
    const before = app.version;
    return {
      summary: `Roll app ${app.name} back to ${safeCell(target, 40)}${isWithData ? ', with its data' : ''}`,
      calls: [
        {
          method: 'app.rollback',
          params: [app.name, { app_version: target, rollback_snapshot: isWithData }],
          purpose: `take ${app.name} back to ${target}`,
          facts: appFacts(app),
        },
      ],
      targets: [await appTarget(nas, app.name, { version: target, state: 'RUNNING' }, { renews: true })],
      impact: [
        ...useLines(app),
        isWithData
          ? 'what the app has stored in its own volumes since the upgrade is lost'
          : 'its data stays as it is: an older version may not be able to read what a newer one wrote',
        'folders of the NAS that the app uses stay as they are',
      ],
      undo:
        before === null
          ? { impossible: 'the version before is not known' }
          : {
              calls: [
                {
                  method: 'app.upgrade',
                  params: [app.name, { app_version: before, snapshot_hostpaths: false }],
                  purpose: `upgrade ${app.name} to ${before} again`,
                  undoes: 0,
                },
              ],
              ...(isWithData
                ? { lost: ['what the app had stored in its own volumes since the upgrade'] }
                : {}),
            },
    };
  },
});

/** @throws InputProblem when there is none, or several to choose from */
function chosen(app: string, versions: readonly string[], wanted: string | undefined): string {
  const [only, ...others] = versions;
  const shown = versions.map((each) => safeCell(each, 40)).join(', ');
  if (only === undefined) throw new InputProblem('app', `${app} has no earlier version to go back to`);
  if (wanted === undefined && others.length === 0) return only;
  if (wanted === undefined) throw new InputProblem('version', `is missing: ${app} can go back to ${shown}`);
  if (!versions.includes(wanted))
    throw new InputProblem(
      'version',
      `${safeCell(wanted)} is none that ${app} can go back to`,
      `one of ${shown}`,
    );
  return wanted;
}
