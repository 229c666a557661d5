/** Secrets on the command lines of well-known programs, under options whose names do not say so. */
import { AFTER_FIRST, type Shape, WORD } from './shape.ts';

export const COMMANDS: readonly Shape[] = [
  // Samba
  [/-U/u, /(\s-U\s*["']?[^\s%"']+%)[^\s"']+/gu, AFTER_FIRST],
  [
    /sshpass|mysql|curl/u,
    /(\bsshpass\s+-p\s*|\bmysql\w*\s(?:[^\n|;]{0,100}\s)?-p|\bcurl\s(?:[^\n|;]{0,120}?\s)?(?:-u|--user|--proxy-user)[\s=]*["']?[^\s:"']+:)[^\s"']+/gu,
    AFTER_FIRST,
  ],
  optionsOf('(?:ipmitool|zip|unzip)', 'P'),
  optionsOf('(?:upscmd|upsrw)', 'p'),
  optionsOf('ldap(?:search|modify|add|delete|whoami|passwd)', 'w'),
  optionsOf('snmp(?:walk|get|getnext|set|bulkwalk|bulkget|table|df|status|trap|inform)', 'cAX'),
  [
    /chpasswd/u,
    /(\becho\s+["']?[^\s:"'|]{1,80}:)[^\s"'|]{1,200}(?=["']?\s{0,5}\|\s{0,5}(?:sudo\s+)?chpasswd)/gu,
    AFTER_FIRST,
  ],
];

/** The values of these one-letter options in one command. */
function optionsOf(command: string, letters: string): Shape {
  return [
    new RegExp(String.raw`\b${command}\s`, 'u'),
    new RegExp(String.raw`\b${command}(?:\s[^\n|;]{1,400})`, 'gu'),
    (match) => match.replace(new RegExp(String.raw`(\s-[${letters}]\s*)${WORD}`, 'gu'), AFTER_FIRST),
  ];
}
