/** Names that are spelled differently in different places of the NAS, and texts with markup. */
import type { NasCase } from '../support/nas-case.ts';
import { alert, extent, lun, target } from '../support/rows.ts';

const OLD_DATA = {
  'iscsi.target.query': [target(1, 'lab')],
  'iscsi.extent.query': [extent(1, 'e1', 'zvol/Old+Data/vm+1')],
  'iscsi.targetextent.query': [lun(1, 1, 1)],
  'nvmet.subsys.query': [{ id: 1, name: 'fast-lane', subnqn: 'nqn.x', allow_any_host: true, hosts: [] }],
  'nvmet.namespace.query': [
    {
      id: 1,
      nsid: 1,
      subsys: { id: 1 },
      device_type: 'ZVOL',
      device_path: 'zvol/Old+Data/n+1',
      enabled: true,
    },
  ],
};

export const NAMES: readonly NasCase[] = [
  {
    id: 'N-shown-decoded',
    input: 'volumes of a pool with a space in its name',
    answers: OLD_DATA,
    call: [
      { tool: 'list_shares' },
      { tool: 'get_share', args: { share: 'lab' } },
      { tool: 'get_share', args: { share: 'fast-lane' } },
    ],
    expect: { isError: false, must: ['Old Data/vm 1', 'Old Data/n 1'], mustNot: ['Old\\+Data'] },
    right: 'names as every other tool takes them',
  },
  {
    id: 'N-found-by-path',
    input: 'such a volume is asked for as people write it',
    answers: OLD_DATA,
    call: [
      { tool: 'get_share', args: { share: 'zvol/Old Data/vm 1' } },
      { tool: 'get_share', args: { share: 'zvol/Old+Data/vm+1' } },
      { tool: 'get_share', args: { share: '/dev/zvol/Old+Data/vm+1' } },
      { tool: 'list_shares', args: { name: 'vm 1' } },
    ],
    expect: { isError: false, must: ['lab'], mustNot: ['No shares'] },
    right: 'found, whichever way its path is written',
  },
  {
    id: 'N-plus-in-file',
    input: 'an extent that is a file with a plus in its name',
    answers: {
      'iscsi.target.query': [target(1, 'lab')],
      'iscsi.extent.query': [
        extent(1, 'e1', '/mnt/amber/c++ builds/disk+1.img', {
          type: 'FILE',
          disk: null,
          filesize: '1073741824',
        }),
      ],
      'iscsi.targetextent.query': [lun(1, 1, 1)],
    },
    call: [{ tool: 'list_shares' }, { tool: 'get_share', args: { share: 'lab' } }],
    expect: { isError: false, must: ['c\\+\\+ builds/disk\\+1\\.img'] },
    right: 'a plus in a path below /mnt is a plus',
  },
  {
    id: 'H-entities',
    input: 'an alert with entities of every form',
    answers: {
      'alert.list': [
        alert({
          formatted:
            'Share &#x27;R&amp;D&#x27; &mdash; size &gt; quota&hellip; see&nbsp;here &#8594; &ldquo;docs&rdquo; &eacute;t&eacute; &copy;',
        }),
      ],
    },
    call: [{ tool: 'list_alerts' }, { tool: 'system_overview' }],
    expect: {
      isError: false,
      must: ["'R&D'", 'size > quota'],
      mustNot: ['&#', '&amp;', '&mdash;', '&hellip;', '&nbsp;', '&ldquo;', '&gt;'],
    },
    right: 'plain text',
  },
  {
    id: 'H-decoded-once',
    input: 'an alert that speaks of entities',
    answers: {
      'alert.list': [alert({ formatted: 'The comment holds &amp;lt;b&amp;gt; and 5 < 6 > 4, and AT&T.' })],
    },
    call: { tool: 'list_alerts' },
    expect: { isError: false, must: ['&lt;b&gt;', '5 < 6 > 4', 'AT&T'] },
    right: 'decoded once; what is no markup stays',
  },
  {
    id: 'H-lists',
    input: 'an alert made of a list, a table and a script',
    answers: {
      'alert.list': [
        alert({
          formatted:
            '<p>Updates:</p><ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table><script>alert(1)</script><img src="x" onerror="y">',
        }),
      ],
    },
    call: [{ tool: 'list_alerts' }, { tool: 'system_overview' }],
    expect: { isError: false, must: ['one', 'two'], mustNot: ['<li>', '<td>', '<script', '<img', 'onetwo'] },
    right: 'the words, apart from each other',
  },
  {
    id: 'H-placeholders',
    input: 'an alert without a formatted text, whose template has marks for its arguments',
    answers: {
      'alert.list': [
        alert({
          klass: 'ShareLocked',
          formatted: null,
          text: '%(type)s share "%(identifier)s" is unavailable: %(percent).1f%% done.',
          args: { type: 'SMB', identifier: 'letters', percent: 12.5 },
        }),
      ],
    },
    call: [{ tool: 'list_alerts' }, { tool: 'system_overview' }],
    expect: { isError: false, must: ['letters|ShareLocked'], mustNot: ['%\\(', '%%'] },
    right: 'filled in, or the class',
  },
  {
    id: 'H-empty',
    input: 'an alert with an empty text',
    answers: { 'alert.list': [alert({ klass: 'CoreFilesArePresent', formatted: '', text: '' })] },
    call: [{ tool: 'system_overview' }, { tool: 'list_alerts' }],
    expect: { isError: false, verdict: 'WARNING', must: ['CoreFilesArePresent(.|\\n)*CoreFilesArePresent'] },
    right: 'its class, where it has no text',
  },
];
