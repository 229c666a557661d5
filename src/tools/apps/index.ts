/** The toolset of apps. */
import type { Toolset } from '../toolset.ts';

export const apps: Toolset = {
  name: 'apps',
  title: 'Apps',
  about: 'Apps of the catalog: start, stop, restart, upgrade, roll back.',
  load: {
    get_app_logs: async () => (await import('./get-app-logs.ts')).getAppLogs,
    upgrade_app: async () => (await import('./upgrade-app.ts')).upgradeApp,
    rollback_app: async () => (await import('./rollback-app.ts')).rollbackApp,
    start_app: async () => (await import('./run-app.ts')).startApp,
    stop_app: async () => (await import('./run-app.ts')).stopApp,
    restart_app: async () => (await import('./run-app.ts')).restartApp,
  },
};
