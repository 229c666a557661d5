/** `name=value`, `name: value`, `"name": "value"` and `--name value`, where the name is a secret's. */
import { isSecretUnder, verdictOn } from '../secret-names.ts';
import { isPlaceholder } from './placeholders.ts';
import { REDACTED } from './shape.ts';

/** False when no name in the text can be a secret's. */
export function mayAssignSecret(text: string): boolean {
  return ANNOUNCED.test(text);
}

/** The text without the values of secrets' names. */
export function withoutAssigned(text: string): string {
  return withoutValues(text.replace(WHOLE_LINE, withoutRest), 0);
}

/** Parts of names that verdictOn may take for a secret's. */
const NAME_PART =
  'pass|pwd|pw|pswd|secret|token|key|auth|salt|otp|psk|community|hash|oauth|hook|cookie|credential|creds|jwt|dsn|conn|kennwort|mnemonic|phrase|code';
const ANNOUNCED = new RegExp(NAME_PART, 'iu');

/** Lines of configuration, whose value may have several words: `rpc_password = correct horse`. */
const WHOLE_LINE = /^([ \t]*([\w.-]{1,80})[ \t]+=[ \t]+)([^\n"'=]+)$/gmu;

function withoutRest(match: string, head: string, name: string, rest: string): string {
  const value = rest.replace(/\s[#;].*$|\s+$/u, '');
  if (!/\s/u.test(value) || isPlaceholder(value.split(/\s/u, 1)[0] ?? '')) return match;
  return isSecretUnder(name, value) ? `${head}${REDACTED}${rest.slice(value.length)}` : match;
}

/** Texts in quotes: of JSON in JSON, of JSON, of a shell, of a person. One that was cut off has no end. */
const QUOTED = String.raw`\\{1,8}"[^"]*?\\{1,8}"|\\{1,8}'[^']*?\\{1,8}'|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|${'`'}[^${'`'}\n]*${'`'}?|[“„«‘‚][^“”»’\n]*[”“»’]?`;
/** Marks that end most values, but belong to one in which they stand between its own characters. */
const INNER = [
  String.raw`&(?!&|amp;|[\w.%[\]-]{1,60}=)(?=[^\s&])`,
  String.raw`;(?=[^\s;"'])(?![\w.-][\w. -]{0,60}[=:])`,
  String.raw`,(?=[^\s,"'}\])])(?![a-z]+(?:[\s,=:]|$)|[\w.-]{1,60}[=:])`,
  String.raw`["'](?=[^\s"',;:&<>|)\]}\\/+]|[+/]\w)`,
  String.raw`<(?![\s/]|[a-z][\w-]*(?:\s*/?>|\s+[\w:-]+=))(?=\S)`,
  String.raw`>(?=\w)`,
  String.raw`\|(?=[^\s|])`,
].join('|');
const BARE = String.raw`(?:[^\s,;&"'<>|${'`'}]|${INNER})`;
/** A list or an object without others in it. */
const GROUP = String.raw`\{[^{}]{0,1000}\}|\[[^[\]]{0,1000}\]`;
/** A word as a shell has it: what follows a closing quote without a space belongs to it. */
const VALUE = String.raw`${GROUP}|(?:${QUOTED})(?:(?:[\w$!#%^*@~]|(?:\\?["']){1,3}(?=\w))${BARE}*)?|(?![{[](?:["'\\\s]|$))${BARE}+`;

/**
 * The end of an assignment, from the part of the name that may make it a secret's. Where the name begins is looked up
 * backwards: a pattern that began with any name would read a long text again from each of its letters.
 */
const ASSIGNED = new RegExp(
  String.raw`((?:${NAME_PART})[\w.-]{0,40})((?:\\{0,8}["'])?\s{0,20}(?:=>|:=|[=:](?!=)|%3[AD]|\\{1,8}u003[ADad])[ \t]{0,20}|[ \t]{1,20}(?:(?:for[ \t]{1,9}[^\s:]{1,40}[ \t]{1,9})?is[ \t]{1,20})?)(${VALUE})`,
  'giu',
);

/** Depth of texts within texts that is looked into. */
const MAX_NESTING = 4;

function withoutValues(text: string, depth: number): string {
  return text.replace(
    ASSIGNED,
    (match: string, end: string, separator: string, value: string, offset: number) => {
      const [dashes, start] = beginningOf(text, offset);
      const name = nameOf(text, offset - start.length, `${start}${end}`);
      const isGroup = /^[{[]/u.test(value) && verdictOn(name) === 'perhaps';
      if (
        !isGroup &&
        isSecretUnder(name, value) &&
        isGiven(name, dashes, separator, value, text, offset + match.length)
      ) {
        const quote = /^(?:\\{0,8}["']|[`“„«‘‚])/u.exec(value)?.[0] ?? '';
        return `${end}${separator}${quote}${REDACTED}${quote}`;
      }
      // The value may be a text with assignments of its own.
      const inner = depth < MAX_NESTING ? withoutValues(value, depth + 1) : REDACTED;
      return `${end}${separator}${inner}`;
    },
  );
}

/** What of a name stands before `offset`, and the dashes of an option before it. */
function beginningOf(text: string, offset: number): [dashes: string, start: string] {
  let from = offset;
  while (from > 0 && offset - from < 60 && /[\w./-]/u.test(text[from - 1] ?? '')) from -= 1;
  const [, dashes = '', start = ''] = /^(-*)(.*)$/u.exec(text.slice(from, offset)) ?? [];
  return [dashes, start.slice(start.lastIndexOf('/') + 1)];
}

/** The name without what it is a field of, and with the word before it where only both are a secret's: `API key`. */
function nameOf(text: string, from: number, whole: string): string {
  const name = whole.replace(/^.*\.(?=.)/u, '');
  if (verdictOn(name) === 'secret' || !/^keys?$|^code/iu.test(name)) return name;
  const before = /([A-Za-z]{2,20})[ \t]$/u.exec(text.slice(Math.max(0, from - 21), from))?.[1];
  return before !== undefined && verdictOn(`${before}_${name}`) === 'secret' ? `${before}_${name}` : name;
}

/** True when the value is one, rather than the next word of a sentence. */
function isGiven(
  name: string,
  dashes: string,
  separator: string,
  value: string,
  text: string,
  end: number,
): boolean {
  if (isPlaceholder(value)) return false;
  const isQuoted = /^\\*["'`“„«‘‚]/u.test(value);
  if (/[=%]|u003/u.test(separator)) return true;
  if (separator.includes(':')) {
    // "token: expired 3 days ago" is prose, "token: hunter2" is not.
    const after = text.slice(end, end + 2);
    return isQuoted || after === '' || /^[\s]?[\n\r,;}\])]/u.test(after) || MIXED.test(value);
  }
  if (dashes !== '') return !value.startsWith('-');
  if (verdictOn(name) !== 'secret') return false;
  // "password hunter2" and "password is hunter2": of what a person writes, only what no word is.
  return (
    /^\\*["']/u.test(value) ||
    (/(?:pass|word|phrase|code|secret|token|[a-z_-]key|pw|psk)$/iu.test(name) &&
      MIXED.test(value) &&
      !ALGORITHM.test(value))
  );
}

/** What is said of passwords, and dates. */
const ALGORITHM = /^(?:s?sha|md|bcrypt|argon|pbkdf|aes|rc|ntlmv|v)-?\d|^\d{4}-\d\d/iu;
/** Letters and digits in one word. */
const MIXED = /^(?=.*\d)(?=.*[A-Za-z]).{6,}/u;
