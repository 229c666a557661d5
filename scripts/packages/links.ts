/** Links that open a client and add the server to it. The key is asked for by the client, or left for the person to fill in. */
import { EXAMPLE_ENV, type Launch } from '../../src/cli/client-snippets.ts';

/** One link. */
export interface InstallLink {
  readonly client: string;
  readonly url: string;
}

const NAME = 'truenas';

/** The links for a way to start the server. */
export function installLinks({ command, args }: Launch): InstallLink[] {
  const server = { command, args: [...args, 'serve'], env: EXAMPLE_ENV };
  const inputs = [
    { type: 'promptString', id: 'truenas-api-key', description: 'TrueNAS API key', password: true },
  ];
  const asked = { ...EXAMPLE_ENV, TRUENAS_API_KEY: `\${input:truenas-api-key}` };
  const config = encodeURIComponent(Buffer.from(JSON.stringify(server)).toString('base64'));
  return [
    {
      client: 'VS Code',
      url: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: NAME, ...server, env: asked, inputs }))}`,
    },
    { client: 'Cursor', url: `cursor://anysphere.cursor-deeplink/mcp/install?name=${NAME}&config=${config}` },
    { client: 'LM Studio', url: `lmstudio://add_mcp?name=${NAME}&config=${config}` },
  ];
}

/** A page with the links. */
export function linksPage(links: readonly InstallLink[]): string {
  const rows = links.map(
    ({ client, url }) => `<li><a href="${url.replaceAll('&', '&amp;')}">Add to ${client}</a></li>`,
  );
  return [
    '<!doctype html>',
    '<html lang="en"><meta charset="utf-8"><title>Add the TrueNAS MCP server</title>',
    '<h1>Add the TrueNAS MCP server to a client</h1>',
    '<p>Fill in address, user and fingerprint in the client afterwards. A key belongs into its key store, not into a link.</p>',
    `<ul>${rows.join('\n')}</ul></html>`,
    '',
  ].join('\n');
}
