/** Secrets as the configuration files of well-known programs write them, and XML and YAML in general. */
import { namesSecret } from '../secret-names.ts';
import { AFTER_FIRST, REDACTED, type Replacement, type Shape, WORD } from './shape.ts';

/** Words of a sentence that follow a name; no secret. */
const PROSE = String.raw`(?!(?:is|was|are|line|lines|name|must|should|not|set|and|or|for|of|in)\b)`;

export const LOGINS: readonly Shape[] = [
  // SQL
  [/identified/iu, /(\bidentified\s+(?:with\s+\S+\s+)?by\s+)("[^"]*"|'[^']*')/giu, AFTER_FIRST],
  // .netrc
  [/login/iu, /(\blogin\s+\S+\s+password\s+)\S+/giu, AFTER_FIRST],
];

export const CONFIG_FILES: readonly Shape[] = [
  // net-snmp
  [/community/iu, new RegExp(String.raw`(\br[ow]community6?[ \t]+)${PROSE}${WORD}`, 'giu'), AFTER_FIRST],
  [
    /com2sec/u,
    new RegExp(String.raw`(\bcom2sec6?(?:[ \t]+-Cn[ \t]+\S+)?(?:[ \t]+\S+){2}[ \t]+)${WORD}`, 'gu'),
    AFTER_FIRST,
  ],
  [/sink/u, new RegExp(String.raw`(\b(?:trap2?|inform)sink[ \t]+\S+[ \t]+)${WORD}`, 'gu'), AFTER_FIRST],
  [
    /createUser/u,
    new RegExp(
      String.raw`(\bcreateUser(?:[ \t]+-e[ \t]+\S+)?[ \t]+\S+[ \t]+[\w-]+[ \t]+)${WORD}(?:([ \t]+(?:AES|DES)[\w-]*[ \t]+)${WORD})?`,
      'gu',
    ),
    (_match, head = '', second) => `${head}${REDACTED}${second === undefined ? '' : `${second}${REDACTED}`}`,
  ],
  // Redis
  [
    /requirepass|masterauth/u,
    new RegExp(String.raw`(\b(?:requirepass|masterauth)[ \t]+)${PROSE}${WORD}`, 'gu'),
    AFTER_FIRST,
  ],
];

/** The value at the end of a match is replaced when the name before it is a secret's. */
const ofSecretName: Replacement = (match, name = '', value = '') =>
  value.trim() !== '' && namesSecret(name) ? `${match.slice(0, -value.length)}${REDACTED}` : match;

/** Lines of YAML that are indented further than the name they stand under, and the empty ones between them. */
const BLOCK =
  /^([ \t]*)(?:- )?["']?([\w.-]{1,80})["']?:[ \t]*[|>][+\-\d]{0,3}[ \t]*(?:#[^\n]*)?\r?\n((?:\1[ \t]+\S[^\n]*(?:\n|$)|(?:[ \t]*\r?\n)+(?=\1[ \t]+\S))+)/gmu;

export const MARKUP: readonly Shape[] = [
  // XML
  [/<\//u, /<(?:[\w-]{1,40}:)?([\w.-]{1,60})(?:\s[^<>]{0,200})?>([^<>]{1,1000})(?=<\/)/gu, ofSecretName],
  [
    /value\s?=/iu,
    /\b(?:name|key)=["']([\w.-]{1,80})["']\s{1,5}value=["']([^"'\n]{1,400})(?=["'])/giu,
    ofSecretName,
  ],
  // YAML
  [/:\s*[|>]/u, BLOCK, withoutBlocks],
];

/** A block may hold others. */
function withoutBlocks(text: string): string {
  return text.replace(BLOCK, (match: string, indent: string, name: string, block: string) => {
    const head = match.slice(0, match.length - block.length);
    if (!namesSecret(name)) return `${head}${withoutBlocks(block)}`;
    return `${head}${indent}  ${REDACTED}${block.endsWith('\n') ? '\n' : ''}`;
  });
}
