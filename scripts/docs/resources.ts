/** docs/resources.md, from the objects that define resources, prompts and skills. */
import { ALL_PROMPTS } from '../../src/prompts/index.ts';
import { skillsFor } from '../../src/prompts/skills.ts';
import { ALL_RESOURCES } from '../../src/resources/index.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { code, GENERATED, table } from './markdown.ts';

/** The whole page. */
export function resourcesPage(): string {
  return [
    GENERATED,
    '# Resources, prompts and skills',
    [
      'Resources are what a person attaches to a conversation, or a client follows; prompts are jobs that a person starts. Both',
      'say what the read tools say, through the same redaction and size limits, and are offered with the tools they need: what',
      '`TRUENAS_TOOLSETS` leaves out is not there.',
    ].join('\n'),
    '## Resources',
    table(['URI', 'What it shows', 'Updated after'], ALL_RESOURCES.map(resourceRow)),
    [
      'The open part of a URI is completed from the NAS; datasets one level at a time. A name may be escaped or not',
      '(`truenas://dataset/tank/my%20films`). What does not exist is answered as not found, with near names.',
    ].join('\n'),
    '### Updates',
    [
      'A client of 2026-07-28 listens with `subscriptions/listen`, over stdio and HTTP; one of 2025-11-25 subscribes with',
      '`resources/subscribe` over stdio. Over HTTP the server keeps no session for a client of 2025-11-25, so it could not',
      'deliver anything and does not offer it.',
    ].join('\n'),
    [
      'The events of a NAS lag and do not tell everything. An event makes the server read the resource again, and an update is',
      'delivered only when it reads differently; nothing of the event itself is passed on. While a client listens the resource',
      'is also read again every five minutes, or every minute where the account may not hear the event. After a lost connection',
      'one update is delivered, as something may have been missed. When no client listens, nothing is subscribed.',
    ].join('\n'),
    '## Prompts',
    table(
      ['Prompt', 'What for', 'Arguments, all optional'],
      ALL_PROMPTS.map((prompt) => [
        code(prompt.name),
        `**${prompt.title}.** ${prompt.description}`,
        prompt.arguments
          .map(
            ({ name, description, completion }) =>
              `${code(name)}: ${description}${completion === undefined ? '' : ' (completed from the NAS)'}`,
          )
          .join('; '),
      ]),
    ),
    'A prompt names the calls to make and what to look for; none of them changes anything.',
    '## Skills',
    [
      'The same jobs for a model to take up by itself, with what is worth knowing of each: `SKILL.md` files, served by the MCP',
      'extension `io.modelcontextprotocol/skills` (`skills/list`, `skills/get`), and listed as resources for clients without it.',
    ].join('\n'),
    table(
      ['Skill', 'What for, and when'],
      skillsFor(allNeeds()).map(({ name, description }) => [
        code(`skill://${name}/SKILL.md`),
        description.replace('TrueNAS: ', ''),
      ]),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Tools enough for every skill. */
function allNeeds(): ReadonlySet<string> {
  return new Set(ALL_PROMPTS.flatMap(({ needs }) => needs));
}

function resourceRow(resource: Resource): string[] {
  return [
    code(resource.uri),
    `**${resource.title}.** ${resource.description}`,
    resource.kind === 'page'
      ? 'it never changes'
      : resource.triggers.map(({ event }) => code(event)).join(', '),
  ];
}
