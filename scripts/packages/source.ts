/** Everything that the packages are made from, for the script that writes them. */
export { SETTING_ROWS } from '../../src/config/index.ts';
export { derivedDefinitions } from '../../src/mcp/derived-definitions.ts';
export { skillsFor } from '../../src/prompts/skills.ts';
export { NPX_LAUNCH } from '../../src/cli/client-snippets.ts';
export { homebrewFormula } from './homebrew.ts';
export { installLinks, linksPage } from './links.ts';
export { mcpbManifest } from './mcpb.ts';
export { claudePlugin, codexPlugin, geminiExtension } from './plugins.ts';
export { gapsOf, projectOf } from './project.ts';
export { sbom } from './sbom.ts';
export { serverJson } from './server-json.ts';
export { askedSettings } from './settings.ts';
export { zip } from './zip.ts';
