/** From what people say to what TrueNAS calls it. A small list on purpose: names and parameters do most of the work. */

/** Words of a name or a phrase: lower case, split at anything but letters and digits, plurals made singular. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .map(singular)
    .flatMap((word) => [word, ...(Object.hasOwn(PARTS, word) ? (PARTS[word] ?? []) : [])]);
}

function singular(word: string): string {
  if (word.length < 4 || /(ss|us|is|dns|nfs|smb|ups|os|fs)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Names that TrueNAS writes as one word. */
const PARTS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  (
    'acltemplate:acl template|activedirectory:active directory|advpowermgmt:advanced power management|' +
    'alertclasse:alert class|alertservice:alert service notification|bindiface:bind interface|bindip:bind ip address|' +
    'bootenv:boot environment|bwlimit:bandwidth limit|certificateauthority:certificate authority ca|cloudsync:cloud sync|' +
    'consolemsg:console message|cronjob:cron job|ddt:dedup table|directoryservice:directory service|' +
    'fcport:fibre channel port|fromemail:from email sender|getacl:get acl|hddstandby:hdd standby spin down|' +
    'hostsallow:host allow|hostsdeny:host deny|httpproxy:http proxy|httpsredirect:https redirect|' +
    'initshutdownscript:init shutdown script|ipv4gateway:ipv4 gateway|kbdmap:keyboard map layout|' +
    'keychaincredential:keychain credential|lag:link aggregation|listdir:list directory|loglevel:log level|' +
    'maproot:map root|motd:message day|netbiosname:netbios name|ntpserver:ntp server|nvmet:nvme target|' +
    'outgoingserver:outgoing server|passwordauth:password login|poweroff:power off|recordsize:record size|' +
    'refquota:quota|refreservation:reservation|rsynctask:rsync task|sed:self encrypting|setacl:set acl|' +
    'setperm:set permission|shadowcopy:previous version|shutdowncmd:shutdown command|' +
    'snapshottask:snapshot task|sshpubkey:ssh public key|staticroute:static route|sysloglevel:syslog level|' +
    'systemdataset:system dataset|timemachine:time machine|volsize:volume size|webshare:web share'
  )
    .split('|')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).split(' ')]),
);

/** Words that say nothing about which method is meant. */
const EMPTY_WORDS = new Set(
  'a an the of on in to for from with over by is are be it its this that my me i we do does how can which what who where when whose please and or at up out into all some any them there has have was were just now'.split(
    ' ',
  ),
);

/** Words of questions about anything, and what they mean. */
const OF_ANY_QUESTION = new Set(
  'all config find get info list look query see show status tell view'.split(' '),
);

/** True for a word that does not tell what a question is about. */
export function isOfAnyQuestion(word: string): boolean {
  return OF_ANY_QUESTION.has(word);
}

interface Synonym {
  /** Looked for in the phrase, lower case. */
  readonly says: RegExp;
  /** Words of the API that it means. */
  readonly means: string;
}

const SYNONYMS: readonly Synonym[] = [
  // Verbs.
  {
    says: /\b(turn|switch|power)(ing)? .*\bon\b|\b(enable|activate|launch|boot up)\b/,
    means: 'start control update',
  },
  { says: /\b(turn|switch) .*\boff\b|\bdisable|deactivate|halt\b/, means: 'stop control update' },
  { says: /\b(restart|bounce)\b/, means: 'restart control' },
  { says: /\b(make|new|add|set ?up|install|register|schedule|share)\b/, means: 'create' },
  { says: /\b(change|modify|edit|rotate|renew|set|adjust|configure|join|extend|grow)\b/, means: 'update' },
  { says: /\b(remove|erase|destroy|drop|get rid|clean ?up)\b/, means: 'delete destroy' },
  { says: /\b(list|show|which|what|view|see|find|active|look up)\b/, means: 'query list' },
  { says: /\b(settings?|configuration|configured|options)\b/, means: 'config update' },
  { says: /\bundo|revert|go back|roll(ing)? back\b/, means: 'rollback' },
  { says: /\b(run|trigger|kick off)\b/, means: 'run sync' },
  { says: /\b(who|connected|clients?|sessions?|in use by)\b/, means: 'status session client' },
  { says: /\bwho (changed|did|deleted|touched)|history|audit|log(ged|s)?\b/, means: 'audit' },
  { says: /\b(how much|full|free|capacity|space|size)\b/, means: 'query available' },
  { says: /\b(shut ?down|power off)\b/, means: 'shutdown' },
  { says: /\breboot|restart (the )?(nas|system|box|server)\b/, means: 'reboot' },
  { says: /\b(copy|duplicate)\b/, means: 'clone' },
  { says: /\b(keep|protect|prevent)\b/, means: 'hold keep' },
  { says: /\blast|latest|recent|when (was|did)\b/, means: 'query' },
  { says: /\b(pause|freeze)\b/, means: 'suspend' },
  { says: /\b(refresh|reload)\b/, means: 'sync' },
  { says: /\b(check|try|test)\b/, means: 'verify test' },
  { says: /\b(running|state of|status of)\b/, means: 'query status' },
  // Nouns.
  { says: /\b(windows|samba|cifs)\b/, means: 'smb sharing' },
  { says: /\b(linux|unix|nfs) .*share|share .*\b(nfs|linux|unix)\b/, means: 'nfs sharing' },
  { says: /\bshare\b/, means: 'sharing' },
  {
    says: /\b(ssh|ftp|snmp|smartd)\b|\b(start|stop|restart|turn|enable|disable).*\b(nfs|smb|iscsi|ups)\b/,
    means: 'service',
  },
  { says: /\b(folder|directory|directories|files?)\b/, means: 'filesystem' },
  { says: /\bpermissions?|owner(ship)?|access rights\b/, means: 'acl setperm stat filesystem' },
  { says: /\bvms?\b|\bvirtual machines?\b/, means: 'vm' },
  { says: /\bcontainers?|docker|jails?\b/, means: 'app container virt instance' },
  { says: /\bapps?|applications?\b/, means: 'app' },
  { says: /\be-?mails?|smtp\b/, means: 'mail' },
  { says: /\b(host ?name|dns|gateway|name ?servers?)\b/, means: 'network configuration' },
  { says: /\bnetwork cards?|nics?|ip address(es)?|ethernet|mtu|vlans?\b/, means: 'interface query' },
  { says: /\bhot|temperatures?|warm|overheating\b/, means: 'temperature' },
  { says: /\bfree space|disk space|capacity|storage used\b/, means: 'pool dataset' },
  { says: /\bactive ?directory|\bad\b|\bdomain\b|ldap|freeipa\b/, means: 'directoryservice activedirectory' },
  { says: /\bback ?up .*\b(config\w*|settings)\b/, means: 'config save' },
  { says: /\btime|clock|ntp\b/, means: 'ntpserver system' },
  {
    says: /\bcpu|graphs?|charts?|performance|load|throughput|utili[sz]ation\b/,
    means: 'reporting graph get_data',
  },
  { says: /\b(periodic|automatic|scheduled?|recurring)\b/, means: 'task' },
  {
    says: /\bsnapshot.*\b(schedule|task|plan)|(schedule|periodic|automatic).*snapshot/,
    means: 'snapshottask',
  },
  { says: /\bvdevs?|mirror|expand|extend|more disks\b/, means: 'pool attach' },
  { says: /\bnew version|updates?\b/, means: 'update status check_available available_versions' },
  { says: /\blet.?s ?encrypt\b/, means: 'acme certificate' },
  { says: /\b(battery|power failure|uninterruptible)\b/, means: 'ups' },
  { says: /\b(alarms?|warnings?|problems?)\b/, means: 'alert' },
  { says: /\b(failed|broken|bad|dead) (disk|drive)s?\b/, means: 'pool replace' },
  { says: /\bdrives?\b/, means: 'disk' },
  { says: /\bpasswords?\b/, means: 'set_password' },
  { says: /\blogged in|signed in|log(ged)? ?on\b/, means: 'auth session' },
  { says: /\baccounts?\b/, means: 'user' },
  { says: /\bs3|backblaze|dropbox|google drive|cloud\b/, means: 'cloudsync' },
  { says: /\bencrypted|encryption|locked\b/, means: 'dataset unlock lock encryption' },
  { says: /\bquotas?\b/, means: 'quota dataset' },
  { says: /\bkernel|sysctl|modules?\b/, means: 'tunable query' },
  { says: /\bscripts?\b|\bat (boot|startup|shutdown)\b/, means: 'initshutdownscript' },
  {
    says: /\b(network cards?|nics?|disks?|gpus?|usb|cd-?roms?)\b.*\bvms?\b|\bvms?\b.*\b(network card|nic|disk|gpu|usb|cd-?rom)/,
    means: 'vm device',
  },
  { says: /\bzvols?|volumes?|block devices?\b/, means: 'dataset' },
  { says: /\bvolumes?\b.*\biscsi|\blun\b/, means: 'iscsi extent' },
  { says: /\bback ?ups?\b(?!.*\b(config|settings))/, means: 'cloudsync cloud_backup replication' },
  { says: /\b(2fa|two.factor|otp|mfa)\b/, means: 'twofactor' },
  { says: /\bssh keys?|key ?pairs?|keychain\b/, means: 'keychaincredential' },
  { says: /\b(web ?ui|web interface|gui)\b/, means: 'system general' },
  { says: /\b(syslog|serial console|motd|banner)\b/, means: 'system advanced' },
  { says: /\b(admin\w*|roles?|rights|privileges?)\b/, means: 'privilege' },
  { says: /\b(compression|dedup\w*|atime|record ?size|snapdir)\b/, means: 'dataset' },
  { says: /\b(slack|telegram|pagerduty|notif\w*)\b/, means: 'alertservice' },
  { says: /\b(ipmi|bmc)\b/, means: 'ipmi' },
  { says: /\bboot environments?\b/, means: 'boot environment' },
  { says: /\bversion|release\b/, means: 'system version info' },
];

/** A phrase taken apart. */
export interface PhraseWords {
  /** The words as said. */
  readonly said: readonly string[];
  /** What they mean in the API, where that is another word. */
  readonly meant: readonly string[];
  /** Words as said that mean nothing else. */
  readonly unknown: readonly string[];
}

/** Takes a phrase apart. */
export function phraseWords(phrase: string): PhraseWords {
  const lower = phrase.toLowerCase();
  const said = [...new Set(wordsOf(phrase).filter((word) => !EMPTY_WORDS.has(word)))];
  const synonyms = SYNONYMS.filter(({ says }) => says.test(lower));
  const meant = new Set(synonyms.flatMap(({ means }) => means.split(' ').flatMap(wordsOf)));
  const explained = synonyms.flatMap(({ says }) => wordsOf(says.exec(lower)?.[0] ?? ''));
  return {
    said,
    meant: [...meant].filter((word) => !said.includes(word)),
    unknown: said.filter((word) => !explained.includes(word)),
  };
}

/** Names that a phrase gives to a single thing: the UPS by its battery. */
export function namesMeant(phrase: string): string[] {
  const lower = phrase.toLowerCase();
  return SYNONYMS.flatMap(({ says, means }) => (!means.includes(' ') && says.test(lower) ? [means] : []));
}
