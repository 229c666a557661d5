/** Options with which any program takes a user and a password: `-u bob:x`, `-u bob,x`, `-U bob%x`, `-u bob -p x`. */
import { REDACTED } from './shape.ts';
import { WORD } from './words.ts';

/** False when no option names a user. */
export function mayBeSignIn(command: string): boolean {
  return USER_OPTION.test(command);
}

/** The command without the passwords of its users. */
export function withoutSignIns(command: string): string {
  if (!USER_OPTION.test(command)) return command;
  const output = RUNS_AS.test(command) ? command : command.replace(USER_AND_PASSWORD, withoutPassword);
  // To these, a word behind -p is a database.
  if (PROMPTS.test(command)) return output;
  return output.replace(USER_THEN_PASSWORD, withoutValue).replace(PASSWORD_THEN_USER, withoutValue);
}

const OPTION = '(?:-[uUl]|--?user(?:name)?|--proxy-user)';
const USER_OPTION = new RegExp(String.raw`(?<=\s)${OPTION}[\s=\w"'\\]|\buser(?:name)?=[^\s%,]{1,80}%`, 'u');

const USER_AND_PASSWORD = new RegExp(
  String.raw`((?:(?<=\s)-[uU]\s*|(?<=\s)--?user(?:name)?[\s=]+|(?<=\s)--proxy-user[\s=]+|\buser(?:name)?=(?=[^\s%,]+%))(?<quote>\\?["']|)(?<user>[\w.@$+/\\-]{1,80})[:,%])(?<password>(?<=["'][^"']*)[^"'\n]{1,400}|${WORD})`,
  'gu',
);

/** Programs whose user is one of this machine, with or without a group. */
const RUNS_AS =
  /(?<![\w.-])(?:docker|podman|nerdctl|compose|kubectl|lxc|incus|chroot|runuser|setpriv|systemd-run|systemctl|install|chown|bwrap|id|ps|pgrep|pkill|journalctl)\s/u;

function withoutPassword(match: string, head: string, ...rest: unknown[]): string {
  const { user, password = '' } = rest.at(-1) as Record<string, string | undefined>;
  return password === user || HARMLESS.test(password) ? match : `${head}${REDACTED}`;
}

const PROMPTS = /(?<![\w.-])(?:mysql|mariadb)/u;

/** The user of another program, which this one runs, says nothing of its own options. */
const OF_ANOTHER = String.raw`(?<!\b(?:sudo|doas|runuser|systemd-run|chroot|exec|run)(?:\s+-{1,2}[\w=-]{1,40}){0,4}\s+)`;
const NAMED_USER = String.raw`${OF_ANOTHER}(?<=\s)${OPTION}[\s=]*["']?[A-Za-z_][\w.@$\\-]{0,80}["']?(?!\S)`;
const USER_THEN_PASSWORD = new RegExp(
  String.raw`(${NAMED_USER}[^\n]{0,200}?\s-p[\s=]*)(?<value>${WORD})`,
  'gu',
);
const PASSWORD_THEN_USER = new RegExp(
  String.raw`((?<=\s)-p[\s=]*)(?<value>${WORD})(?=\s[^\n]{0,200}?${NAMED_USER})`,
  'gu',
);

function withoutValue(match: string, head: string, ...rest: unknown[]): string {
  const { value = '' } = rest.at(-1) as Record<string, string | undefined>;
  return HARMLESS.test(value) ? match : `${head}${REDACTED}`;
}

/** Ports, numbers, addresses, paths, variables, further options and what is replaced already. */
const HARMLESS = /^(?:[\d.:/-]+(?:\/(?:tcp|udp))?|[/.~$-].*|\[redacted\].*)$/u;
