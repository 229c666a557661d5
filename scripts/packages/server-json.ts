/** `server.json`, by which the registry of MCP servers knows a server (schema 2025-12-11). */
import type { Project } from './project.ts';
import type { AskedSetting } from './settings.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/** A file of the release that the entry names. */
export interface ReleasedBundle {
  readonly file: string;
  /** SHA-256 in hex. */
  readonly sha256: string;
}

/** The entry; the name is a placeholder until package.json has `mcpName`. */
export function serverJson(project: Project, settings: readonly AskedSetting[], bundle: ReleasedBundle) {
  const { name, version, repository, homepage } = project;
  const transport = { type: 'stdio' };
  const environmentVariables = settings.map((setting) => ({
    name: setting.variable,
    description: setting.description,
    isRequired: setting.isRequired,
    isSecret: setting.isSecret,
    ...(setting.isFolder ? { format: 'filepath' } : {}),
    ...(setting.default === undefined ? {} : { default: setting.default }),
    ...(setting.choices === undefined ? {} : { choices: setting.choices }),
  }));
  return {
    $schema: SCHEMA,
    name: project.mcpName ?? `io.github.OWNER/${name}`,
    title: 'TrueNAS',
    description:
      'Looks after a TrueNAS: reads its whole API safely, and plans every change before a person agrees.',
    version,
    ...(homepage === undefined ? {} : { websiteUrl: homepage }),
    ...(repository === undefined ? {} : { repository: { url: repository, source: 'github' } }),
    packages: [
      {
        registryType: 'npm',
        identifier: name,
        version,
        runtimeHint: 'npx',
        transport,
        environmentVariables,
      },
      ...(repository === undefined
        ? []
        : [
            {
              registryType: 'mcpb',
              identifier: `${repository}/releases/download/v${version}/${bundle.file}`,
              version,
              fileSha256: bundle.sha256,
              transport,
            },
          ]),
    ],
  };
}
