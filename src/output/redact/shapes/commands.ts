/** Secrets on the command lines of well-known programs, under options whose names do not say so. */
import { AFTER_FIRST } from './shape.ts';
import { withoutSignIns, mayBeSignIn } from './sign-ins.ts';
import { COMMAND, WORD } from './words.ts';

/** False when the text names no program that is looked at, and no option of a sign-in. */
export function mayBeCommand(text: string): boolean {
  return ANY_PROGRAM.test(text) || mayBeSignIn(text);
}

/** The text without what the options of its commands give away. */
export function withoutCommandSecrets(text: string): string {
  return text.replace(COMMAND, (command) => {
    let output = command;
    if (ANY_PROGRAM.test(command)) {
      for (const { program, before } of PROGRAMS) {
        if (program.test(output)) output = output.replace(before, AFTER_FIRST);
      }
    }
    return withoutSignIns(output);
  });
}

/** The value of one of these letters, whether or not a space stands before it. */
const letters = (names: string): string => String.raw`\s-[${names}]\s*=?\s*`;
/** The value next to its letters: after a space it would be something else. */
const attached = (names: string): string => String.raw`\s-(?:${names})(?=\S)`;
/** What stands after some words, and then so many arguments. */
const after = (words: string, count = 0): string => String.raw`\s${words}\s+(?:[^\s-]\S*\s+){${count}}`;

/** Programs, and what stands before a secret on their command lines. */
const TABLE: readonly (readonly [programs: string, before: string])[] = [
  [
    String.raw`sshpass|racadm|upscmd|upsrw|mongo\w*|cqlsh|ncftp\w*|smbmap|nxc|netexec|crackmapexec`,
    letters('p'),
  ],
  [String.raw`evil-winrm|[wx]?freerdp\d?|rdesktop|veracrypt|truecrypt|user(?:add|mod)|ilorest`, letters('p')],
  [
    String.raw`(?:docker|podman|nerdctl|buildah|skopeo|oras|crane|helm|oc|az|cf)\s(?:\S{1,40}\s){0,4}login`,
    letters('p'),
  ],
  [String.raw`(?:mysql|mariadb|xtrabackup|innobackupex|mytop)\w*(?:-\w+)?`, attached('p')],
  ['7z[ar]?|7zz|(?:un)?rar', attached('p|hp')],
  ['(?:un)?zip|zipcloak|ipmitool|mosquitto_(?:pub|sub|rr)|sqlcmd|bcp|[io]sql|tsql', letters('P')],
  ['ipmitool', after(String.raw`user\s+set\s+password`, 1)],
  ['ssh-keygen', letters('NP')],
  ['(?:redis|valkey|keydb)-(?:cli|benchmark)', letters('a')],
  ['ldap(?:search|modify|add|delete|whoami|passwd|compare|modrdn|exop)', letters('w')],
  ['ldappasswd', letters('as')],
  ['snmp(?:walk|get|getnext|set|bulkwalk|bulkget|table|df|status|trap|inform|usm)', letters('cAX')],
  [String.raw`(?:https?|xh|xhs|hey)(?=\s)`, String.raw`\s-a\s*["']?[\w.@-]{1,80}:`],
  ['openssl', String.raw`\s-pass(?:in|out|word)?\s+(?:pass:)?(?!(?:env|file|fd):|stdin\b)`],
  ['openssl', letters('kK')],
  ['[wx]?freerdp\\d?', String.raw`\s\/p:`],
  ['wpa_passphrase', after('', 1).slice(2)],
  ['nmcli', String.raw`\s(?:password|[\w-]+\.(?:psk|password|wep-key\d?))\s+`],
  ['htpasswd', after('-[a-zA-Z]*b[a-zA-Z]*', 2)],
  ['htpasswd', after('-(?:[a-zA-Z]*n[a-zA-Z]*b|[a-zA-Z]*b[a-zA-Z]*n)[a-zA-Z]*', 1)],
  ['rabbitmqctl', after('(?:add_user|change_password|authenticate_user)', 1)],
  ['sedutil-cli', after('--set(?:SID|Admin1)P\\w+', 1)],
  ['sedutil-cli', String.raw`\s--\w+(?:\s+(?:\d+|RW|RO|LK|on|off))*\s+(?!\/dev\/)`],
  ['hdparm', String.raw`\s--security-(?:set-pass|unlock|erase|erase-enhanced|disable)\s+`],
  ['rclone', after('obscure')],
  ['mc', after(String.raw`alias\s+set`, 3)],
  [
    String.raw`(?:aws|git|npm|pnpm|composer|gcloud|rclone)\s(?:[^\n]{0,60}\s)?config(?:ure)?`,
    String.raw`\s[\w./:-]*(?:secret|token|password|passwd|pass|_auth|_key)[\w.-]*\s+(?!\S*=)`,
  ],
  ['smbclient|rpcclient', String.raw`\s-U\s*[^\s%]+\s+(?=[^-/\s])`],
  [String.raw`net\s+use`, String.raw`\s\/user:\S+\s+`],
  ['smbclient', String.raw`\s\/\/[^\s]+\s+`],
  [String.raw`iscsiadm\s(?:[^\n]{0,200}\s)?\S{0,60}password`, String.raw`\s-v\s+`],
  ['vault(?=\\s)', String.raw`\slogin\s+(?!\S*=)`],
  ['sqlplus|impdp|expdp', String.raw`\s[\w$#]+\/(?=[^\s/])`],
  [
    String.raw`ENV|setx|setenv|set\s+-[a-zA-Z]+`,
    String.raw`\s\w*(?:PASS(?:WORD|WD)?|SECRET|TOKEN|_KEY|_PW|_PSK)(?:_\w+)?[ \t]+(?![=:])`,
  ],
];

const programPattern = (programs: string): string => String.raw`(?<![\w.-])(?:${programs})(?![\w-])`;

const PROGRAMS = TABLE.map(([programs, before]) => ({
  program: new RegExp(programPattern(programs), 'u'),
  before: new RegExp(String.raw`(${before})(?![-\s])${WORD}`, 'gu'),
}));
const ANY_PROGRAM = new RegExp(programPattern(TABLE.map(([programs]) => programs).join('|')), 'u');
