/** The manifest of an MCP bundle (`.mcpb`, manifest version 0.3): the built program, and the form that a client shows for it. */
import { authorOf, type Project } from './project.ts';
import type { AskedSetting } from './settings.ts';

/** A tool as the bundle names it. */
export interface NamedTool {
  readonly name: string;
  readonly description: string;
}

/** The manifest. `entry` is the program's path in the bundle. */
export function mcpbManifest(
  project: Project,
  {
    settings,
    tools,
    entry,
  }: { settings: readonly AskedSetting[]; tools: readonly NamedTool[]; entry: string },
) {
  const { repository, homepage, bugs } = project;
  return {
    manifest_version: '0.3',
    name: project.name,
    display_name: 'TrueNAS',
    version: project.version,
    description: project.description,
    long_description:
      'Looks after a TrueNAS: health, storage, sharing, protection, apps, accounts and measurements. It reads only, unless you choose another access level; every change is a plan first, and what destroys, exposes or executes waits for your own sign-in.',
    author: { name: authorOf(project) },
    ...(repository === undefined ? {} : { repository: { type: 'git', url: repository } }),
    ...(homepage === undefined ? {} : { homepage, documentation: homepage }),
    ...(bugs === undefined ? {} : { support: bugs }),
    server: {
      type: 'node',
      entry_point: entry,
      mcp_config: {
        command: 'node',
        args: [`\${__dirname}/${entry}`, 'serve'],
        env: Object.fromEntries(settings.map(({ variable, key }) => [variable, `\${user_config.${key}}`])),
      },
    },
    tools: tools.map(({ name, description }) => ({ name, description })),
    // Which tools there are depends on the access level.
    tools_generated: true,
    prompts_generated: true,
    keywords: project.keywords,
    license: project.license,
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20.19.0' } },
    user_config: Object.fromEntries(settings.map((setting) => [setting.key, question(setting)])),
  };
}

/** An optional text has an empty default: without one, a client may pass on the placeholder. */
function question({ title, description, isRequired, isSecret, isFolder, ...setting }: AskedSetting) {
  return {
    type: isFolder ? 'directory' : 'string',
    title,
    description:
      setting.choices === undefined ? description : `${description} One of ${setting.choices.join(', ')}.`,
    required: isRequired,
    ...(isSecret ? { sensitive: true } : {}),
    ...(isRequired ? {} : { default: setting.default ?? '' }),
  };
}
