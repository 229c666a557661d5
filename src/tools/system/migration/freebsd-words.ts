/** What in a command is at home on FreeBSD. */

/** Commands that Linux does not have, or that do something else there; the documentation names successors of some. */
const COMMANDS = new RegExp(
  String.raw`(?:^|[\s'"=;|&(])(?:[\w./-]*/)?(${[
    ...[
      'bhyve',
      'bhyvectl',
      'camcontrol',
      'csh',
      'devctl',
      'diskinfo',
      'freebsd-update',
      'fstat',
      'geli',
      'geom',
    ],
    ...[
      'glabel',
      'gmirror',
      'gmultipath',
      'gpart',
      'graid',
      'gstat',
      'iocage',
      'ipfw',
      'jail',
      'jexec',
      'jls',
    ],
    ...[
      'kldload',
      'kldstat',
      'kldunload',
      'mfiutil',
      'mprutil',
      'mpsutil',
      'nvmecontrol',
      'periodic',
      'pfctl',
    ],
    ...['pkg', 'pmcstat', 'procstat', 'sesutil', 'sockstat', 'sysrc', 'systat', 'tcsh', 'usbconfig'],
  ].join('|')})(?![\w-])`,
  'gimu',
);
const PLACES = /\/usr\/local\/|\/etc\/rc\.(?:conf|d)|\/boot\/loader\.conf|\/conf\/base\b|\/iocage\//giu;
const DEVICES = /\/dev\/(?:gptid|ada\d+|da\d+|nvd\d+|nvme\d+ns\d+|mfid\d+|mirror|multipath)\b/giu;
/** Linux has no `-p`. */
const POWER_OFF = /\bshutdown\s+(?:-\w+\s+)*-p\b/iu;
/** Files of the system itself, which is installed anew; pools are below /mnt. */
const OUTSIDE = /(?:^|[\s'"=;|&(])(\/(?:root|etc|data|conf|tmp|var|opt|home)\/[\w./-]+)/giu;

/** The words in it that may not work on Linux, each once; never the whole command, which may hold a password. */
export function freebsdWords(command: string): string[] {
  const found = [
    ...[...command.matchAll(COMMANDS)].map(([, word = '']) => word.toLowerCase()),
    ...[...command.matchAll(PLACES), ...command.matchAll(DEVICES)].map(([word]) => word),
  ];
  const outside = [...command.matchAll(OUTSIDE)].map(([, path = '']) => `/${path.split('/')[1] ?? ''}`);
  if (POWER_OFF.test(command)) found.push('shutdown -p');
  return [...new Set([...found, ...outside.map((place) => `a file in ${place}`)])];
}
