/** The README's client configurations: the same that the demo prints. */
import { clientSnippets, NPX_LAUNCH } from '../../src/cli/client-snippets.ts';

/** One heading and one code block per client. */
export function clientsSection(): string {
  return clientSnippets(NPX_LAUNCH)
    .map(
      ({ client, where, text }) =>
        `**${client}** (${where})\n\n\`\`\`${text.startsWith('{') ? 'json' : 'sh'}\n${text}\n\`\`\``,
    )
    .join('\n\n');
}
