/** Calls that are never sent, or only where the operator allows code: methods and argument values. */
import { isOn } from '../survey.ts';
import { denialFor } from '../denials.ts';
import type { JudgedCall } from './call.ts';
import { findingsOf } from './judge.ts';
import { isRecord } from './rule.ts';

/** What the operator has opened. */
export interface Grants {
  /** `TRUENAS_ALLOW_CODE`: code as root may be set up, each time with the approval of a person. */
  readonly allowsCode: boolean;
}

/** Why the call is never sent, for a person; `undefined` when nothing is against it. */
export function denialOf(call: JudgedCall, { allowsCode }: Grants): string | undefined {
  const denied = denialFor(call.method, call.params);
  if (denied !== undefined) {
    const instead = denied.instead === undefined ? '' : ` Use instead: ${denied.instead}.`;
    return `${denied.method} is never called by this server: ${denied.reason}.${instead}`;
  }
  const value = WRITE_DENIALS.find((line) => line.methods.includes(call.method) && line.applies(call));
  if (value !== undefined) return `${call.method} is never called like this: ${value.reason}.`;
  if (allowsCode) return undefined;
  const code = findingsOf(call).find((finding) => finding.isCode === true);
  return code === undefined
    ? undefined
    : `${call.method} is not called like this: ${code.reason}. The operator of this server can allow it with TRUENAS_ALLOW_CODE=true; each such change then still needs the approval of a person.`;
}

interface WriteDenial {
  readonly methods: readonly string[];
  /** A clause without a full stop. */
  readonly reason: string;
  applies(call: JudgedCall): boolean;
}

/** Values and methods that only writing knows; nothing opens them. */
const WRITE_DENIALS: readonly WriteDenial[] = [
  {
    methods: ['user.create', 'user.update'],
    reason: 'with "random_password" its answer is a password',
    applies: ({ params }) => params.some((data) => isRecord(data) && isOn(data['random_password'])),
  },
  {
    methods: ['s3.accesskey.create'],
    reason: 'its answer is a secret access key',
    applies: () => true,
  },
  {
    methods: ['s3.accesskey.update'],
    reason: 'with "rotate" its answer is a secret access key',
    applies: ({ params }) => params.some((data) => isRecord(data) && isOn(data['rotate'])),
  },
  {
    methods: ['keychaincredential.setup_ssh_connection'],
    reason: "a semi-automatic setup signs in to another NAS with that NAS's password or token",
    applies: ({ params }) =>
      params.some(
        (data) =>
          !isRecord(data) ||
          isOn(data['semi_automatic_setup']) ||
          (data['setup_type'] ?? 'MANUAL') !== 'MANUAL',
      ),
  },
  {
    methods: ['filesystem.setacl'],
    reason: 'an empty access list for a whole tree takes the access lists off it, which nothing can undo',
    applies: ({ params: [data] }) => {
      if (!isRecord(data) || !isRecord(data['options']) || !isOn(data['options']['recursive'])) return false;
      const list = data['dacl'];
      return !Array.isArray(list) || list.length === 0;
    },
  },
];
