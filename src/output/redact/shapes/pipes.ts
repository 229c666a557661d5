/** Secrets that a command is given on its input: `echo x | cryptsetup …`, `zfs load-key … <<< x`, here-documents. */
import { REDACTED } from './shape.ts';
import { BARE, IN_QUOTES, WORD } from './words.ts';

/** The text without what commands that take a secret are fed with. */
export function withoutPipedSecrets(text: string): string {
  if (!/[|<>]/u.test(text) || !TAKES_SECRET.test(text)) return text;
  return text
    .replace(FILE, (match, echo: string, words: string, file: string, readers: string) =>
      TAKES_SECRET.test(readers) ? `${echo}${withoutWords(words, readers)}${file}` : match,
    )
    .replace(PIPE, (match, echo: string, words: string, pipe: string, readers: string) =>
      TAKES_SECRET.test(readers) ? `${echo}${withoutWords(words, readers)}${pipe}` : match,
    )
    .replace(HERE, (match, mark: string, word: string, offset: number, whole: string) =>
      TAKES_SECRET.test(commandAround(whole, offset)) && !VARIABLE.test(word) ? `${mark}${REDACTED}` : match,
    )
    .replace(
      DOCUMENT,
      (match, head: string, _quote: string, _end: string, lines: string, offset: number, whole: string) =>
        TAKES_SECRET.test(commandAround(whole, offset)) && lines !== '' ? `${head}${REDACTED}` : match,
    )
    .replace(SUBSTITUTION, (_match, echo: string, words: string) => `${echo}${withoutWords(words, '')}`);
}

/** Where a program may stand, whatever runs it. */
const AT_COMMAND = String.raw`(?:^|[|;&(\n"'])[ \t]{0,40}(?:sudo[ \t]{1,9}(?:-\S{1,40}[ \t]{1,9}){0,6})?(?:\/\S{0,60}\/)?`;
/** Commands that read a password or a key from their input. */
const TAKES_SECRET = new RegExp(
  [
    String.raw`cryptsetup|load-key|change-key|keylocation=prompt|--key-file|--password-stdin|--with-token|--passphrase|--stdin\b|password_stdin|zfs\s+mount\s+(?:-\w+\s+)*-\w*l`,
    String.raw`\bsudo\s(?:-\S{1,40}\s+|\S{1,40}\s+){0,6}?(?:-\w{0,8}S\w{0,8}\b|--stdin)`,
    String.raw`${AT_COMMAND}(?:\w{0,6}passwd|su(?=\s)|pdbedit|kinit|gpg2?|gocryptfs|encfs|ecryptfs\S*|openssl|secret-tool|keyctl|sops|samba-tool|mkpasswd|sedutil-cli|restic|borg|ssh-add|mount\.\w+|smbclient|ntlm_auth|veracrypt|age)(?![\w-])`,
    String.raw`ansible-vault|\b(?:docker|podman|npm|gh\s+auth)\s+login|\bpass\s+insert|\bvault\s+login|systemd-creds|rclone\s+obscure|\bwg\s+set|(?:realm|adcli|ads)\s+join`,
  ].join('|'),
  'u',
);

const ECHO = String.raw`(?:echo|printf|print|yes)\s`;
const PIPE = new RegExp(
  String.raw`((?<![\w.-])${ECHO})((?:${IN_QUOTES}|${BARE}|[ \t;&()\\]){1,400})(\|(?!\|))(?=([^\n]{1,300}))`,
  'gu',
);
/** `echo x > file`, which a command reads afterwards */
const FILE = new RegExp(
  String.raw`((?<![\w.-])${ECHO})((?:${IN_QUOTES}|[^\s"'|;&\\>]|[ \t]){1,400})(>{1,2}[ \t]*[^\s;&|]{1,200})(?=([^\n]{1,300}))`,
  'gu',
);
const HERE = new RegExp(String.raw`(<<<[ \t]*)(${WORD})`, 'gu');
const DOCUMENT =
  /((?<!<)<<-?[ \t]*(\\?["']|)(\w{1,40}?)\2(?!\w|n\b)(?:(?!\\n)[^\n])*(?:\n|\\n))([\s\S]{0,2000}?(?=(?:\n|\\n)[ \t]*\3(?!\w))|[\s\S]{0,2000})/gu;
const SUBSTITUTION = new RegExp(
  String.raw`(<\(\s*${ECHO})((?:${IN_QUOTES}|${BARE.replace('&\\\\', '&()\\\\')}|[ \t]){1,400})(?=\))`,
  'gu',
);

/** The line around `offset`, within reason. */
function commandAround(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - 400);
  return text.slice(start, offset + 400).split('\n', 1)[0] ?? '';
}

/** The words of an echo: options, formats, variables and spaces at the end stay, and of `user:password` the user. */
function withoutWords(words: string, readers: string): string {
  const options = /^\s*(?:-[neE]+\s+|--\s+)*(?:["']?(?:%[sb](?:\\\\?n)?)+["']?\s+)?/u.exec(words)?.[0] ?? '';
  const rest = words.slice(options.length).trimEnd();
  if (rest === '' || VARIABLE.test(rest)) return words;
  const user = /chpasswd/u.test(readers) ? (/^["']?[\w.$-]{1,80}:/u.exec(rest)?.[0] ?? '') : '';
  return `${options}${user}${REDACTED}${words.slice(options.length + rest.length)}`;
}

const VARIABLE = /^["']?\$(?:\w+|\{\w+\})["']?$/u;
