/** Secrets as the configuration files of well-known programs write them, and XML and YAML in general. */
import { isSecretUnder } from '../secret-names.ts';
import { isPlaceholder } from './placeholders.ts';
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
  // Network UPS Tools: of a monitored system, its user's password
  [
    /MONITOR/u,
    new RegExp(String.raw`(\bMONITOR[ \t]+\S+@\S+[ \t]+\d+[ \t]+\S+[ \t]+)${WORD}`, 'gu'),
    AFTER_FIRST,
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
  value.trim() !== '' && !isPlaceholder(value.trim()) && isSecretUnder(name, value)
    ? `${match.slice(0, -value.length)}${REDACTED}`
    : match;

/** Lines of YAML that are indented further than the name they stand under, and the empty ones between them. */
const BLOCK =
  /^([ \t]*)(?:- )?["']?([\w.-]{1,80})["']?:[ \t]*[|>][+\-\d]{0,3}[ \t]*(?:#[^\n]*)?\r?\n((?:\1[ \t]+\S[^\n]*(?:\n|$)|(?:[ \t]*\r?\n)+(?=\1[ \t]+\S))+)/gmu;

/** Names and values in elements of their own, or in attributes, as alternatives of a pattern. */
const NAMES = 'name|key|var(?:iable)?|id|target|property|option|field';
const VALUES = 'value|val|content|default|string|data';

export const MARKUP: readonly Shape[] = [
  // XML
  [/<\//u, /<(?:[\w-]{1,40}:)?([\w.-]{1,60})(?:\s[^<>]{0,200})?>([^<>]{1,1000})(?=<\/)/gu, ofSecretName],
  [
    /<\//u,
    new RegExp(
      String.raw`<[\w:-]{1,60}\s(?:[^<>]{0,200}?\s)?(?:${NAMES})=["']([\w./-]{1,80})["'][^<>]{0,400}>([^<>]{1,1000})(?=<\/)`,
      'giu',
    ),
    ofSecretName,
  ],
  [
    /<\//u,
    new RegExp(
      String.raw`<(?:${NAMES})>\s{0,20}([\w./-]{1,80})\s{0,20}<\/(?:${NAMES})>\s{0,80}<(?:${VALUES})(?:\s[^<>]{0,100})?>([^<>]{1,1000})(?=<\/)`,
      'giu',
    ),
    ofSecretName,
  ],
  [
    /value\s?=|default\s?=/iu,
    new RegExp(
      String.raw`\b(?:${NAMES})=["']([\w./-]{1,80})["'](?:\s[^<>\n]{0,200}?)?\s(?:${VALUES})=["']([^"'\n]{1,400})(?=["'])`,
      'giu',
    ),
    ofSecretName,
  ],
  [
    /value\s?=|default\s?=/iu,
    new RegExp(
      String.raw`(\b(?:${VALUES})=["'])([^"'\n]{1,400})(?=["'](?:\s[^<>\n]{0,200}?)?\s(?:${NAMES})=["']([\w./-]{1,80})["'])`,
      'giu',
    ),
    (match, head = '', value = '', name = '') => (isSecretUnder(name, value) ? `${head}${REDACTED}` : match),
  ],
  // YAML
  [/:\s*[|>]/u, BLOCK, withoutBlocks],
];

/** A block may hold others. */
function withoutBlocks(text: string): string {
  return text.replace(BLOCK, (match: string, indent: string, name: string, block: string) => {
    const head = match.slice(0, match.length - block.length);
    if (!isSecretUnder(name, block)) return `${head}${withoutBlocks(block)}`;
    return `${head}${indent}  ${REDACTED}${block.endsWith('\n') ? '\n' : ''}`;
  });
}
