/** The toolset of the NAS as a whole. */
import type { Toolset } from '../toolset.ts';

export const system: Toolset = {
  name: 'system',
  title: 'System',
  about: 'Health, alerts, jobs, services and measurements.',
  load: {
    system_overview: async () => (await import('./system-overview.ts')).systemOverview,
    diagnose_problem: async () => (await import('./diagnose-problem.ts')).diagnoseProblem,
    recent_changes: async () => (await import('./recent-changes.ts')).recentChanges,
    why_rebooted: async () => (await import('./why-rebooted.ts')).whyRebooted,
    list_alerts: async () => (await import('./list-alerts.ts')).listAlerts,
    list_jobs: async () => (await import('./list-jobs.ts')).listJobs,
    get_job: async () => (await import('./get-job.ts')).getJob,
    list_services: async () => (await import('./list-services.ts')).listServices,
    upgrade_check: async () => (await import('./upgrade-check.ts')).upgradeCheck,
    migration_check: async () => (await import('./migration-check.ts')).migrationCheck,
    dismiss_alert: async () => (await import('./change-alert.ts')).dismissAlert,
    restore_alert: async () => (await import('./change-alert.ts')).restoreAlert,
    cancel_job: async () => (await import('./cancel-job.ts')).cancelJob,
    reboot_system: async () => (await import('./power.ts')).rebootSystem,
    shutdown_system: async () => (await import('./power.ts')).shutdownSystem,
    install_update: async () => (await import('./install-update.ts')).installUpdate,
    keep_boot_environment: async () => (await import('./boot-environments.ts')).keepBootEnvironment,
    clone_boot_environment: async () => (await import('./boot-environments.ts')).cloneBootEnvironment,
    activate_boot_environment: async () => (await import('./boot-environments.ts')).activateBootEnvironment,
    control_service: async () => (await import('./control-service.ts')).controlService,
    create_certificate: async () => (await import('./create-certificate.ts')).createCertificate,
    use_web_certificate: async () => (await import('./use-web-certificate.ts')).useWebCertificate,
    keep_web_certificate: async () => (await import('./keep-web-certificate.ts')).keepWebCertificate,
    get_metrics: async () => (await import('./get-metrics.ts')).getMetrics,
  },
};
