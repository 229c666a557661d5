/** Completion scripts. Everything in them is a word of our own tables: no name of a NAS or of a file gets into them. */
import type { CommandWords, FlagWords, Shell } from './words.ts';

/** The script for a shell, to be read by that shell. */
export function completionScript(shell: Shell, commands: readonly CommandWords[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

const PROGRAM = 'truenas-mcp';

/** Commands of which `serve` is the one without a name. */
function names(commands: readonly CommandWords[]): string {
  return commands.map(({ name }) => name).join(' ');
}

/** Flags and their values in a `case`, for bash and zsh: `words` are candidates, `kind` says what else fits. */
function caseOf(commands: readonly CommandWords[]): string[] {
  return commands.flatMap((command) => {
    const flags = command.flags.map(({ name }) => `--${name}`).join(' ');
    return [
      `    ${command.name})`,
      `      flags='${flags}${flags === '' ? '' : ' '}--help'`,
      `      first='${command.words.join(' ')}'`,
      ...(command.takesFile ? ['      rest=file'] : []),
      ...valuesOf(command.flags),
      '      ;;',
    ];
  });
}

function valuesOf(flags: readonly FlagWords[]): string[] {
  const valued = flags.filter(({ takes }) => takes !== 'nothing');
  if (valued.length === 0) return [];
  return [
    '      case $previous in',
    ...valued.map(({ name, takes }) => {
      const found = typeof takes === 'string' ? `kind=${takes}` : `kind=words values='${takes.join(' ')}'`;
      return `        --${name}) ${found} ;;`;
    }),
    '      esac',
  ];
}

function bashScript(commands: readonly CommandWords[]): string {
  return [
    `# bash completion for ${PROGRAM}. In ~/.bashrc: eval "$(${PROGRAM} completion bash)"`,
    '_truenas_mcp() {',
    `  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=serve`,
    "  local flags='' first='' rest='' kind='' values='' IFS=$' \\t\\n'",
    '  # bash takes --flag=value apart at the sign.',
    `  if [[ $current == = ]]; then current=; previous=\${COMP_WORDS[COMP_CWORD-1]}`,
    `  elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi`,
    `  if (( COMP_CWORD > 1 )) && [[ \${COMP_WORDS[1]} != -* ]]; then command=\${COMP_WORDS[1]}; fi`,
    '  case $command in',
    ...caseOf(commands),
    '  esac',
    '  COMPREPLY=()',
    '  case $kind in',
    '    words) COMPREPLY=($(compgen -W "$values" -- "$current")); return ;;',
    '    file) IFS=$\'\\n\'; COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; return ;;',
    '    text) return ;;',
    '  esac',
    `  if (( COMP_CWORD == 1 )) && [[ $current != -* ]]; then COMPREPLY=($(compgen -W '${names(commands)}' -- "$current"))`,
    '  elif (( COMP_CWORD == 2 )) && [[ $current != -* && -n $first ]]; then COMPREPLY=($(compgen -W "$first" -- "$current"))',
    '  elif [[ $rest == file && $current != -* ]]; then IFS=$\'\\n\'; COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null',
    '  else COMPREPLY=($(compgen -W "$flags" -- "$current")); fi',
    '}',
    `complete -F _truenas_mcp ${PROGRAM}`,
    '',
  ].join('\n');
}

function zshScript(commands: readonly CommandWords[]): string {
  return [
    `#compdef ${PROGRAM}`,
    `# zsh completion for ${PROGRAM}. In ~/.zshrc, after compinit: eval "$(${PROGRAM} completion zsh)"`,
    '_truenas_mcp() {',
    '  local current=$words[CURRENT] previous=$words[CURRENT-1] command=serve',
    "  local flags='' first='' rest='' kind='' values=''",
    `  if [[ $current == --*=* ]]; then previous=\${current%%=*}; compset -P 1 "*="; fi`,
    '  if (( CURRENT > 2 )) && [[ $words[2] != -* ]]; then command=$words[2]; fi',
    '  case $command in',
    ...caseOf(commands),
    '  esac',
    '  case $kind in',
    `    words) compadd -- \${=values}; return ;;`,
    '    file) _files; return ;;',
    '    text) return ;;',
    '  esac',
    '  if (( CURRENT == 2 )) && [[ $current != -* ]]; then',
    '    local -a commands',
    `    commands=(${commands.map(({ name, about }) => `'${name}:${plain(about)}'`).join(' ')})`,
    "    _describe 'command' commands",
    `  elif (( CURRENT == 3 )) && [[ $current != -* && -n $first ]]; then compadd -- \${=first}`,
    '  elif [[ $rest == file && $current != -* ]]; then _files',
    `  else compadd -- \${=flags}; fi`,
    '}',
    `compdef _truenas_mcp ${PROGRAM}`,
    '',
  ].join('\n');
}

function fishScript(commands: readonly CommandWords[]): string {
  const all = names(commands);
  const begin = `complete -c ${PROGRAM}`;
  return [
    `# fish completion for ${PROGRAM}. In ~/.config/fish/config.fish: ${PROGRAM} completion fish | source`,
    `${begin} -f`,
    `${begin} -l help -d 'Help'`,
    ...commands.flatMap(({ name, about, words, takesFile, flags }) => {
      // Without a command it is serve.
      const within =
        name === 'serve'
          ? `not __fish_seen_subcommand_from ${all.replace('serve ', '')}`
          : `__fish_seen_subcommand_from ${name}`;
      return [
        `${begin} -n 'not __fish_seen_subcommand_from ${all}' -a ${name} -d '${plain(about)}'`,
        ...(words.length === 0
          ? []
          : [
              `${begin} -n '__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${words.join(' ')}' -a '${words.join(' ')}'`,
            ]),
        ...(takesFile
          ? [
              `${begin} -n '__fish_seen_subcommand_from ${name}; and __fish_seen_subcommand_from ${words.join(' ')}' -F`,
            ]
          : []),
        ...flags.map(
          (flag) => `${begin} -n '${within}' -l ${flag.name}${fishValue(flag)} -d '${plain(flag.about)}'`,
        ),
      ];
    }),
    '',
  ].join('\n');
}

function fishValue({ takes }: FlagWords): string {
  if (takes === 'nothing') return '';
  if (takes === 'file') return ' -r -F';
  return takes === 'text' ? ' -x' : ` -x -a '${takes.join(' ')}'`;
}

/** The first sentence, without what a quoted word of a shell cannot hold. */
function plain(about: string): string {
  const sentence = about.replace(/^[\w ]+ \[.*?\]: /, '').split(/(?<=\w)[.:;](?: |$)/)[0] ?? '';
  return sentence.replace(/['`\\$:{}]/g, '').slice(0, 72);
}
