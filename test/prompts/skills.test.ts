import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import { skillEntry } from '@modelcontextprotocol/server/ext/skills';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { ALL_PROMPTS } from '../../src/prompts/index.ts';
import { skillsFor } from '../../src/prompts/skills.ts';
import { ERAS, readText, served } from '../resources/support/served.ts';
import { TASKS } from '../acceptance/tasks.ts';
import { ALL_TOOLS } from '../support/registry.ts';

const NAMES = new Set(ALL_TOOLS.map(({ name }) => name));
/** Tokens of one whole SKILL.md. */
const SKILL_TOKENS = 900;

describe.each(ERAS)('skills for a client of %s', (_era, mode) => {
  it('are listed, got and read over the protocol; size, digest and front matter hold', async () => {
    const server = await served();
    const client = await server.connect(mode);
    const skills = new SkillsClient(client);
    expect(skills.supported).toBe(true);
    const { skills: listed } = await skills.list();
    expect(listed.map(({ frontmatter }) => frontmatter.name)).toEqual([
      'truenas-health-check',
      'truenas-failing-disk',
      'truenas-capacity-plan',
      'truenas-review-backups',
      'truenas-review-access',
      'truenas-before-upgrade',
      'truenas-leave-core',
      'truenas-maintenance-window',
      'truenas-new-share',
      'truenas-cluster-storage',
      'truenas-weekly-report',
    ]);
    for (const entry of listed) {
      const file = await skills.read(entry);
      expect(file.verified).toBe(true);
      expect(file.body).toContain('## Worth knowing');
      expect((await skills.get(entry.uri)).skill).toEqual(entry);
    }
    expect(server.simulator.calls()).toEqual([]);
  });

  it('stand among the resources, for clients that know no skills', async () => {
    const client = await (await served()).connect(mode);
    const { resources } = await client.listResources();
    const listed = resources.filter(({ uri }) => uri.startsWith('skill://'));
    expect(listed).toHaveLength(ALL_PROMPTS.length);
    for (const { uri } of listed) expect(await readText(client, uri)).toMatch(/^---\nname: truenas-/u);
  });

  it('a skill that does not exist is an error that says where they are', async () => {
    const client = await (await served()).connect(mode);
    await expect(new SkillsClient(client).get('skill://nothing/SKILL.md')).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('skills/list'),
    });
  });

  it('need the tools that they name', async () => {
    const tools = ALL_TOOLS.filter(({ toolset }) => toolset !== 'protection');
    const client = await (await served({ tools })).connect(mode);
    const { skills } = await new SkillsClient(client).list();
    const names = skills.map(({ frontmatter }) => frontmatter.name);
    expect(names).toContain('truenas-health-check');
    expect(names).not.toContain('truenas-review-backups');
  });
});

describe.each(skillsFor(NAMES).map((skill) => [skill.name, skill] as const))(
  'the skill %s',
  (_name, skill) => {
    it('is one that the SDK takes', async () => {
      const entry = await skillEntry(skill.name, { 'SKILL.md': skill.text });
      expect(entry.frontmatter).toEqual({ name: skill.name, description: skill.description });
    });

    it('names only tools that exist', () => {
      const words = [
        ...skill.text.matchAll(/(?<![.\w])(?:get|list|system|call|search|describe|plan)_[a-z_]+\b/g),
      ];
      expect(words.map(([word]) => word).filter((word) => !NAMES.has(word))).toEqual([]);
    });

    it('is short, and says when it is for', () => {
      expect(countTokens(skill.text)).toBeLessThanOrEqual(SKILL_TOKENS);
      expect(skill.description.length).toBeLessThanOrEqual(300);
      expect(skill.text).toContain('Only look: change nothing');
    });
  },
);

describe('what a job ends in', () => {
  const duties = ALL_PROMPTS.flatMap((prompt) => prompt.duties ?? []);
  const reading = new Set([...NAMES].filter((name) => name !== 'plan_change'));
  const textOf = (names: ReadonlySet<string>) =>
    skillsFor(names).find(({ name }) => name === 'truenas-maintenance-window')?.text ?? '';

  it('is done by change tools that take these arguments', () => {
    const problems = duties.flatMap((duty) => {
      if (!('tool' in duty)) return [];
      const tool = ALL_TOOLS.find(({ name }) => name === duty.tool);
      if (tool?.kind !== 'change') return [`${duty.tool} is no change tool`];
      const { success, error } = tool.input.safeParse(duty.args ?? {});
      return success ? [] : [`${duty.tool}: ${error.message}`];
    });
    expect(problems).toEqual([]);
  });

  it('is planned with the tools, or done on the pages by who has none', () => {
    expect(textOf(NAMES)).toContain('2. keep_boot_environment {} (System > Boot): ');
    expect(textOf(reading)).toContain('2. System > Boot: ');
    const tools = duties.flatMap((duty) => ('tool' in duty ? [duty.tool] : []));
    expect(tools.filter((tool) => textOf(reading).includes(tool))).toEqual([]);
  });

  it('of a maintenance window is the order in which the acceptance suite does it', () => {
    const planned = duties.flatMap((duty) => ('tool' in duty ? [duty.tool] : []));
    const done = TASKS.find(({ id }) => id === 40)?.changes.map(([tool]) => tool) ?? [];
    const each = done.filter((tool, index) => tool !== done[index - 1]);
    expect(each.length).toBeGreaterThan(3);
    expect(planned.filter((tool) => each.includes(tool))).toEqual(each);
  });

  it('leaves the configuration with its secrets to the person', () => {
    expect(textOf(NAMES)).toMatch(/^1\. By hand: save the configuration/mu);
  });
});

describe('the jobs of prompts', () => {
  it('say when they are for, and what is worth knowing', () => {
    const silent = ALL_PROMPTS.filter(({ when, knowHow }) => !when.endsWith('.') || knowHow.length < 2);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('offer a change to nobody who has no tool for it', () => {
    const reading = new Set([...NAMES].filter((name) => name !== 'plan_change'));
    expect(skillsFor(reading).filter(({ text }) => text.includes('plan_change'))).toEqual([]);
  });
});
