/** Secrets as commands and configuration files write them. Each pattern reads a text once. */
import { namesSecret } from './secret-names.ts';

/** Of a match, the text without the secret in it. */
type Replacement = (match: string, ...groups: string[]) => string;

/** A quick look that tells whether the shape may be there, the shape, and what becomes of it. */
export type Shape = readonly [hint: RegExp, shape: RegExp, replacement: string | Replacement];

/** A value, in quotes or up to a space. */
const WORD = String.raw`(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[^\s"'|;]{1,200})`;
/** Words of a sentence that follow a name; no secret. */
const PROSE = String.raw`(?!(?:is|was|are|line|lines|name|must|should|not|set|and|or|for|of|in)\b)`;

/** The shapes, with `replacement` for a secret. */
export function fileShapes(replacement: string): readonly Shape[] {
  const after = `$1${replacement}`;
  /** The values of these options in one command. */
  const option = (command: string, letters: string): Shape => [
    new RegExp(String.raw`\b${command}\s`, 'u'),
    new RegExp(String.raw`\b${command}(?:\s[^\n|;]{1,400})`, 'gu'),
    (match) => match.replace(new RegExp(String.raw`(\s-[${letters}]\s*)${WORD}`, 'gu'), after),
  ];
  /** Of a match that ends with a value, the value, when the name before it is a secret's. */
  const named: Replacement = (match, name = '', value = '') =>
    value.trim() !== '' && namesSecret(name) ? `${match.slice(0, -value.length)}${replacement}` : match;
  return [
    // net-snmp
    [/community/iu, new RegExp(String.raw`(\br[ow]community6?[ \t]+)${PROSE}${WORD}`, 'giu'), after],
    [
      /com2sec/u,
      new RegExp(String.raw`(\bcom2sec6?(?:[ \t]+-Cn[ \t]+\S+)?(?:[ \t]+\S+){2}[ \t]+)${WORD}`, 'gu'),
      after,
    ],
    [/sink/u, new RegExp(String.raw`(\b(?:trap2?|inform)sink[ \t]+\S+[ \t]+)${WORD}`, 'gu'), after],
    [
      /createUser/u,
      new RegExp(
        String.raw`(\bcreateUser(?:[ \t]+-e[ \t]+\S+)?[ \t]+\S+[ \t]+[\w-]+[ \t]+)${WORD}(?:([ \t]+(?:AES|DES)[\w-]*[ \t]+)${WORD})?`,
        'gu',
      ),
      (_match, head = '', second) =>
        `${head}${replacement}${second === undefined ? '' : `${second}${replacement}`}`,
    ],
    // Redis
    [
      /requirepass|masterauth/u,
      new RegExp(String.raw`(\b(?:requirepass|masterauth)[ \t]+)${PROSE}${WORD}`, 'gu'),
      after,
    ],
    // Commands
    option('(?:ipmitool|zip|unzip)', 'P'),
    option('(?:upscmd|upsrw)', 'p'),
    option('ldap(?:search|modify|add|delete|whoami|passwd)', 'w'),
    option('snmp(?:walk|get|getnext|set|bulkwalk|bulkget|table|df|status|trap|inform)', 'cAX'),
    [
      /chpasswd/u,
      /(\becho\s+["']?[^\s:"'|]{1,80}:)[^\s"'|]{1,200}(?=["']?\s{0,5}\|\s{0,5}(?:sudo\s+)?chpasswd)/gu,
      after,
    ],
    // XML
    [/<\//u, /<(?:[\w-]{1,40}:)?([\w.-]{1,60})(?:\s[^<>]{0,200})?>([^<>]{1,1000})(?=<\/)/gu, named],
    [
      /value\s?=/iu,
      /\b(?:name|key)=["']([\w.-]{1,80})["']\s{1,5}value=["']([^"'\n]{1,400})(?=["'])/giu,
      named,
    ],
    [/:\s*[|>]/u, BLOCK, (match) => withoutBlocks(match, replacement)],
    // NVMe-oF
    [/DHHC-1|NVMeTLSkey-1/u, /\b(?:DHHC-1|NVMeTLSkey-1):\d{2}:[A-Za-z0-9+/=]{20,}:?/gu, replacement],
    // Keys of datasets, which are 32 bytes
    [
      /key/iu,
      /(\bkey["'\\]{0,4}\s{0,3}(?:[:=]|\bis\b)?\s{0,3}["'\\]{0,4})[0-9a-f]{64}(?![0-9a-f])/giu,
      after,
    ],
  ];
}

/** Lines of YAML that are indented further than the name they stand under, and the empty ones between them. */
const BLOCK =
  /^([ \t]*)(?:- )?["']?([\w.-]{1,80})["']?:[ \t]*[|>][+\-\d]{0,3}[ \t]*(?:#[^\n]*)?\r?\n((?:\1[ \t]+\S[^\n]*(?:\n|$)|(?:[ \t]*\r?\n)+(?=\1[ \t]+\S))+)/gmu;

/** A block may hold others. */
function withoutBlocks(text: string, replacement: string): string {
  return text.replace(BLOCK, (match: string, indent: string, name: string, block: string) => {
    const head = match.slice(0, match.length - block.length);
    if (!namesSecret(name)) return `${head}${withoutBlocks(block, replacement)}`;
    return `${head}${indent}  ${replacement}${block.endsWith('\n') ? '\n' : ''}`;
  });
}
