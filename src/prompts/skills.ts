/**
 * Skills: the jobs of the prompts as `SKILL.md` files, which a model takes up by itself. Each names the calls, what to look for,
 * and what an expert knows. Served over MCP, and written into the folders of plugins.
 */
import { ALL_PROMPTS } from './index.ts';
import type { Duty, Prompt } from './prompt.ts';
import { callText, isOffered, RULES, stepLines } from './render.ts';

/** One skill. */
export interface Skill {
  /** Name of its folder: `truenas-failing-disk`. At most 64 lowercase letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** What it does and when to take it up; at most 1,024 characters. */
  readonly description: string;
  /** The whole `SKILL.md`: front matter and Markdown. */
  readonly text: string;
}

/**
 * The skills that these tools can do, in the order of the prompts.
 * @param toolNames names of tools on offer; a step whose tool is not among them is left out
 */
export function skillsFor(toolNames: ReadonlySet<string>): readonly Skill[] {
  return ALL_PROMPTS.filter((prompt) => isOffered(prompt, toolNames)).map((prompt) =>
    skillOf(prompt, toolNames),
  );
}

function skillOf(prompt: Prompt, toolNames: ReadonlySet<string>): Skill {
  const name = `truenas-${prompt.name.replaceAll('_', '-')}`;
  const description = `TrueNAS: ${prompt.description} ${prompt.when}`;
  const text = textOf(prompt, name, description, toolNames);
  return { name, title: prompt.title, summary: prompt.description, description, text };
}

function textOf(prompt: Prompt, name: string, description: string, toolNames: ReadonlySet<string>): string {
  return [
    '---',
    `name: ${name}`,
    // A JSON string is one of YAML too, whatever is in it.
    `description: ${JSON.stringify(description)}`,
    '---',
    '',
    `# ${prompt.title}`,
    '',
    prompt.aim({}),
    ...(prompt.arguments.length === 0
      ? []
      : ['', 'Ask for, or take from what was said; none is needed:', '']),
    ...prompt.arguments.map((argument) => `- ${argument.name}: ${argument.description}`),
    ...(prompt.arguments.length === 0 ? [] : ['', 'Narrow each call below to it where the call takes it.']),
    '',
    '## Calls',
    '',
    'Tools of the MCP server for TrueNAS, in order. Words in capitals stand for what an earlier answer named.',
    '',
    ...stepLines(prompt, {}, toolNames),
    '',
    ...dutyLines(prompt.duties ?? [], toolNames.has('plan_change')),
    '## Worth knowing',
    '',
    ...prompt.knowHow.map((line) => `- ${line}`),
    '',
    '## Answer',
    '',
    prompt.report,
    '',
    RULES,
    ...(toolNames.has('plan_change')
      ? [
          '',
          'When the person then wants a change: plan it (plan_change), show what it would do and how it is undone, and apply it after they agree.',
        ]
      : []),
    '',
  ].join('\n');
}

/** What is done in the end. Who has no tool for it does it in the web interface, in the same order. */
function dutyLines(duties: readonly Duty[], mayPlan: boolean): readonly string[] {
  if (duties.length === 0) return [];
  return [
    '## Once agreed, in order',
    '',
    mayPlan
      ? 'Each tool is planned by plan_change, approved and looked at before the next; where it is not offered, the page in brackets:'
      : 'The person does it in the web interface, each looked at before the next:',
    '',
    ...duties.map((duty, index) => `${index + 1}. ${dutyText(duty, mayPlan)}`),
    '',
  ];
}

function dutyText(duty: Duty, mayPlan: boolean): string {
  if (!('tool' in duty)) return `By hand: ${duty.does}`;
  return `${mayPlan ? `${callText(duty)} (${duty.page})` : duty.page}: ${duty.does}`;
}
