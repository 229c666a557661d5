/** Skills in the terms of the protocol (extension io.modelcontextprotocol/skills, SEP-2640): entries, and files as pages. */
import { createHash } from 'node:crypto';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type {
  GetSkillResult,
  ListSkillsResult,
  Skill as ListedSkill,
} from '@modelcontextprotocol/server/ext/skills';
import { safeCell } from '../../output/untrusted.ts';
import { type Skill, skillsFor } from '../../prompts/skills.ts';
import type { Page } from '../../resources/resource.ts';

/** For how long a client may keep an entry; nothing in it changes while the process lives. */
const KEPT = { ttlMs: 300_000, cacheScope: 'public' } as const;

/** The `SKILL.md` files as resources, so that clients without the extension find them too. */
export function skillPages(toolNames: ReadonlySet<string>): readonly Page[] {
  return skillsFor(toolNames).map((skill) => ({
    kind: 'page',
    uri: uriOf(skill),
    name: skill.name,
    title: `Skill: ${skill.title}`,
    description: skill.summary,
    mimeType: 'text/markdown',
    text: () => skill.text,
  }));
}

/** `skills/list`: all on one page. */
export function listSkills(toolNames: ReadonlySet<string>): ListSkillsResult {
  return { skills: skillsFor(toolNames).map(entryOf), ...KEPT };
}

/** `skills/get`. @throws ProtocolError (-32602) when no skill has this URI. */
export function getSkill(uri: string, toolNames: ReadonlySet<string>): GetSkillResult {
  const skill = skillsFor(toolNames).find((each) => uriOf(each) === uri);
  if (skill === undefined) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `No skill has the URI ${safeCell(uri, 120)}; skills/list names those there are`,
    );
  }
  return { skill: entryOf(skill), ...KEPT };
}

function uriOf({ name }: Skill): string {
  return `skill://${name}/SKILL.md`;
}

/** Clients verify size and digest of what they read against these. */
function entryOf(skill: Skill): ListedSkill {
  const bytes = Buffer.from(skill.text, 'utf8');
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return {
    uri: uriOf(skill),
    frontmatter: { name: skill.name, description: skill.description },
    resources: [{ uri: uriOf(skill), digest, size: bytes.byteLength }],
  };
}
