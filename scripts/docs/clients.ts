/** The README's client configurations: the same that the demo prints. */
import { clientSnippets, type Launch, NPX_LAUNCH } from '../../src/cli/client-snippets.ts';
import manifest from '../../package.json' with { type: 'json' };
import { projectOf } from '../packages/project.ts';

/** By its name once the package has it; until then, as it was installed by hand. */
const LAUNCH: Launch = projectOf(manifest).isPublished ? NPX_LAUNCH : { command: 'truenas-mcp', args: [] };

/** One heading and one code block per client. */
export function clientsSection(): string {
  return clientSnippets(LAUNCH)
    .map(
      ({ client, where, text }) =>
        `**${client}** (${where})\n\n\`\`\`${text.startsWith('{') ? 'json' : 'sh'}\n${text}\n\`\`\``,
    )
    .join('\n\n');
}
