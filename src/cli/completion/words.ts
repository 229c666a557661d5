/** The words of every command for completion, from the tables that help and parsing use. */
import { OTHER_COMMANDS, SUMMARIES } from '../../config/help.ts';
import { COMMANDS, SETTING_ROWS, type Command } from '../../config/index.ts';
import { parsePath } from '../../config/parse.ts';
import { CLIENT_NAMES } from '../setup/clients/catalogue.ts';
import { FLAGS } from '../setup/options.ts';
import { TOOLSETS } from '../../tools/index.ts';

/** A flag, and what may follow it. */
export interface FlagWords {
  /** Without dashes. */
  readonly name: string;
  readonly about: string;
  /** Words that may follow it; a file, any text, or nothing for a switch. */
  readonly takes: readonly string[] | 'file' | 'text' | 'nothing';
}

/** A command. */
export interface CommandWords {
  readonly name: string;
  readonly about: string;
  /** Words that may come right after it; a file where `file` is said. */
  readonly words: readonly string[];
  /** A file may come after those. */
  readonly takesFile: boolean;
  readonly flags: readonly FlagWords[];
}

/** The shells for which there is a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a command without settings takes. */
interface OwnWords {
  readonly words?: readonly string[];
  readonly flags?: readonly FlagWords[];
  /** The flags of `serve` as well. */
  readonly takesSettings?: true;
  readonly takesFile?: true;
}

const json: FlagWords = { name: 'json', about: 'Print JSON.', takes: 'nothing' };
const report: FlagWords = { name: 'report', about: 'A report for an issue.', takes: 'nothing' };

/** All commands, in the order of the help. */
export function commandWords(): CommandWords[] {
  const tools = TOOLSETS.flatMap(({ load }) => Object.keys(load)).sort();
  const own: Readonly<Record<keyof typeof OTHER_COMMANDS, OwnWords>> = {
    setup: { flags: setupFlags() },
    approve: {},
    call: { words: tools, flags: [json], takesSettings: true },
    doctor: { flags: [json, report], takesSettings: true },
    config: { words: ['show', 'check'], flags: [json], takesSettings: true },
    completion: { words: SHELLS },
    audit: { words: ['verify'], takesFile: true },
  };
  return [
    ...COMMANDS.map((name) => ({
      name,
      about: SUMMARIES[name],
      words: [],
      takesFile: false,
      flags: settingFlags(name),
    })),
    ...Object.entries(OTHER_COMMANDS).map(([name, about]): CommandWords => {
      const { words = [], flags = [], takesSettings, takesFile } = own[name as keyof typeof OTHER_COMMANDS];
      return {
        name,
        about,
        words,
        takesFile: takesFile === true,
        flags: [...flags, ...(takesSettings === true ? settingFlags('serve') : [])],
      };
    }),
  ];
}

/** The flags of the wizard; those of which the settings know the values take the same ones. */
function setupFlags(): FlagWords[] {
  return Object.entries(FLAGS).map(([name, flag]) => {
    const row = SETTING_ROWS.map(([, each]) => each).find((each) => each.flag === name);
    const files = /(?:file|dir|config)$/.test(name) ? 'file' : 'text';
    const choices = name === 'client' ? CLIENT_NAMES : row?.choices;
    return { name, about: flag.about, takes: 'value' in flag ? (choices ?? files) : 'nothing' };
  });
}

function settingFlags(command: Command): FlagWords[] {
  return SETTING_ROWS.flatMap(([, row]): FlagWords[] => {
    if (row.flag === undefined || !row.commands.includes(command)) return [];
    const value = row.choices ?? (row.parse === parsePath ? 'file' : 'text');
    return [{ name: row.flag, about: row.description, takes: row.isSwitch === true ? 'nothing' : value }];
  });
}
