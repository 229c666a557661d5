/** `start_app`, `stop_app`, `restart_app`. */
import * as z from 'zod';
import type { Change, UndoCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { defineChange } from '../define.ts';
import { appFacts, appTarget, findApp, useLines } from './app.ts';

const common = {
  toolset: 'apps',
  access: 'operate',
  isUnlisted: true,
  input: z.strictObject({ app: z.string().min(1).max(100) }),
  uses: ['app.query'],
} as const;

export const startApp = defineChange({
  ...common,
  name: 'start_app',
  title: 'Start an app',
  words: 'launch run turn on container docker application',
  description: 'Starts an app that is stopped.',
  writes: ['app.start', 'app.stop'],
  examples: [{ args: { app: 'syncthing' }, why: 'a stopped one' }],
  async plan(nas, { app: wanted }): Promise<Change> {
    const app = await findApp(nas, wanted);
    if (app.state === 'RUNNING')
      throw new InputProblem('app', `${app.name} runs already`, 'restart_app starts it anew.');
    return {
      summary: `Start app ${app.name}`,
      calls: [
        { method: 'app.start', params: [app.name], purpose: `start ${app.name}`, facts: appFacts(app) },
      ],
      targets: [await appTarget(nas, app.name, { state: 'RUNNING' }, { renews: true })],
      impact: [`it is ${app.state ?? 'in an unknown state'} now`],
      undo: { calls: [back('app.stop', app.name, 'stop')] },
    };
  },
});

export const stopApp = defineChange({
  ...common,
  name: 'stop_app',
  title: 'Stop an app',
  words: 'halt turn off shut down container docker application',
  description: 'Stops an app; its data stays.',
  writes: ['app.start', 'app.stop'],
  examples: [{ args: { app: 'jellyfin' }, why: 'one that runs' }],
  async plan(nas, { app: wanted }): Promise<Change> {
    const app = await findApp(nas, wanted);
    if (app.state === 'STOPPED') throw new InputProblem('app', `${app.name} is stopped already`);
    return {
      summary: `Stop app ${app.name}`,
      calls: [{ method: 'app.stop', params: [app.name], purpose: `stop ${app.name}`, facts: appFacts(app) }],
      targets: [await appTarget(nas, app.name, { state: 'STOPPED' })],
      impact: useLines(app),
      undo: { calls: [back('app.start', app.name, 'start')] },
    };
  },
});

export const restartApp = defineChange({
  ...common,
  name: 'restart_app',
  title: 'Restart an app',
  words: 'reload redeploy container docker application',
  description: 'Makes the containers of an app anew with its settings as they are; its data stays.',
  writes: ['app.redeploy'],
  examples: [{ args: { app: 'immich' }, why: 'one that crashed' }],
  async plan(nas, { app: wanted }): Promise<Change> {
    const app = await findApp(nas, wanted);
    return {
      summary: `Restart app ${app.name}`,
      calls: [
        {
          method: 'app.redeploy',
          params: [app.name],
          purpose: `start ${app.name} anew`,
          facts: appFacts(app),
        },
      ],
      targets: [await appTarget(nas, app.name, { state: 'RUNNING' }, { renews: true })],
      impact: [
        ...useLines(app),
        ...(app.state === 'STOPPED' ? ['it is stopped now, and runs afterwards'] : []),
        'what a container has stored outside of its volumes is lost',
      ],
      undo: { impossible: 'a restart leaves nothing to take back' },
    };
  },
});

function back(method: string, app: string, verb: string): UndoCall {
  return { method, params: [app], purpose: `${verb} ${app} again`, undoes: 0 };
}
