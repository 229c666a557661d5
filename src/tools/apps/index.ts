/** The toolset of apps. */
import type { Toolset } from '../toolset.ts';

export const apps: Toolset = {
  name: 'apps',
  title: 'Apps',
  about: 'Apps: start, stop, restart, upgrade, roll back, install.',
  load: {
    get_app_logs: async () => (await import('./get-app-logs.ts')).getAppLogs,
    upgrade_app: async () => (await import('./upgrade-app.ts')).upgradeApp,
    rollback_app: async () => (await import('./rollback-app.ts')).rollbackApp,
    create_app: async () => (await import('./create-app.ts')).createApp,
    start_app: async () => (await import('./run-app.ts')).startApp,
    stop_app: async () => (await import('./run-app.ts')).stopApp,
    restart_app: async () => (await import('./run-app.ts')).restartApp,
  },
};
