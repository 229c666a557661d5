/** `truenas://docs/safety`: written from the tables that the code goes by, so it cannot say anything else. */
import { ACCESS_LEVELS, type AccessLevel } from '../../policy/levels.ts';
import { denialTable } from '../../policy/denials.ts';
import { LEFT_OUT } from '../../policy/left-out.ts';
import { TOOLSET_NAMES } from '../../tools/toolset.ts';

const LEVELS: Readonly<Record<AccessLevel, string>> = {
  read: 'looking: whatever the TrueNAS role READONLY_ADMIN grants. The default',
  operate: 'running what is there, reversibly: services, scrubs, tasks, snapshots, dismissing alerts',
  manage: 'making and changing configuration: datasets, shares, users, tasks, apps, network',
  destroy: 'what loses data or access: deleting, rolling back, exporting, wiping, rebooting',
};

/** The page. */
export function safetyText(): string {
  return [
    '# What this server may do, and what it never does',
    '',
    'A tool that reads is handed a client that sends only the methods the tool declares; no argument changes that. What',
    'the TrueNAS account of the API key may not do, this server cannot do either.',
    '',
    '## Access levels',
    '',
    '`TRUENAS_ACCESS`, set by the operator and never by a call. Each level includes the ones before; tools above it are not',
    'listed.',
    '',
    '| Level | Adds |',
    '|---|---|',
    ...ACCESS_LEVELS.map((level) => `| \`${level}\` | ${LEVELS[level]} |`),
    '',
    'At `read`, a session gives up its write rights after every sign-in where the NAS can (`privilege.become_readonly`,',
    'TrueNAS 26 and later); the log tells when it cannot. That is defence in depth: a key of a user with `READONLY_ADMIN`',
    'only is the wall. Its price: such a session sees the jobs of its own user only, even of a full administrator.',
    '',
    '## Toolsets',
    '',
    `\`TRUENAS_TOOLSETS\` selects among ${TOOLSET_NAMES.map((toolset) => `\`${toolset}\``).join(', ')}.`,
    '',
    '## Secrets',
    '',
    'Passwords, keys, tokens and passphrases are replaced by `[redacted]` in every answer, error, log line and audit line.',
    'Nothing sensitive is stored. How sure that is depends on the place:',
    '',
    '- **Known fields are guaranteed.** Fields that TrueNAS keeps secrets in, fields whose name announces one (`password`,',
    '  `api_key`, `DB_PASSWORD`, also as `{name, value}`), and the API key of this server, whole, in part or encoded. Tests',
    '  compare this with the schemas of every supported release.',
    '- **Free text is best effort.** Comments, commands, scripts, logs and alerts are searched for the forms in which people',
    '  and programs write secrets: assignments, options, URLs, headers, key blocks, tokens of well-known services. A secret',
    '  that looks like an ordinary word there cannot be told from one: keep secrets out of such texts.',
    '',
    '## Never called',
    '',
    'Whatever the configuration, whoever asks. The server itself signs in and listens for changes; no tool does.',
    '',
    ...denialTable().map(({ methods, argument, reason, instead }) => {
      const named = methods.replace(METHOD, '`$&`');
      const subject = argument === undefined ? named : `${argument} (${named})`;
      return `- ${subject}: ${reason}${instead === undefined ? '' : `. Instead: ${instead}`}`;
    }),
    '',
    '## Left out by `call_api_read`',
    '',
    'It passes on query filters and options, ids, and parameters that were reviewed one by one; any other parameter, of a',
    'later release too, is refused. Patterns of `~` filters keep to a small grammar. It also leaves out:',
    '',
    ...Object.entries(LEFT_OUT).map(([method, { reason }]) => `- \`${method}\`: ${reason}`),
  ].join('\n');
}

/** A method's name, or `ns.*`. */
const METHOD = /\b[a-z][a-z0-9_]*(?:\.(?:[a-z0-9_]+|\*))+/gu;
