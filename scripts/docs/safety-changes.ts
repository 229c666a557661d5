/** The part of docs/safety.md about changes: what is defended, what is not, and the test of each claim. */
import { table } from './markdown.ts';

/** Its sections. */
export function changesSafety(): string {
  return [
    '## Changes',
    `At access \`read\` nothing on the NAS is changed, and a session writes no file but the audit that \`TRUENAS_AUDIT_FILE\` names.
At \`operate\`, \`manage\` and \`destroy\` every change is a plan first. A change tool has no way to write: it returns the calls
it would have sent, and one place of the program sends them once consent is there, re-reading what they touch before each
call and after the last. What was read then is the answer, not what the NAS said of itself.`,
    '### Consent by risk',
    `The risk of a change is the highest over its calls, their arguments and the state of the NAS, judged centrally: no tool and
no model can lower it. A method or argument that nobody judged counts as \`executes\`, on a later release too.`,
    table(['Risk', 'What it is', 'Consent', 'As an MCP task'], [...CONSENT]),
    `A change that is called by a client with MCP tasks (\`io.modelcontextprotocol/tasks\`) needs the same consent: a task begins once nothing
is left but to wait, for a person or for the NAS. \`tasks/update\` answers no question, as no task asks one; \`tasks/cancel\` ends a change
that waits for a person, and none that is under way.`,
    `A form, where the client shows one, holds the plan, and is bound to it by a seal that only this process can make; a plan of
which a part looks like a secret, and would be hidden in a form, needs approval. Without forms, \`apply_change\` has to repeat the
one-line summary of the plan word for word, so that the client's own permission
prompt shows what happens; a summary too long to be shown whole needs approval. **That stops a slip; it does not stop a model whose client allows every call without asking.**`,
    `**Approval** is given on a page of this computer (loopback, a random port, opened by the client or in the default browser; no
answer holds a link to it) or with \`truenas-mcp approve\` in a terminal, as the user that the server runs as. Both ask for a
sign-in to the NAS before anything of the plan shows; the sign-in is the proof, and the id of a plan none. What was declined
or not answered is not asked again for an hour, nor under other words, with idle fields, in another order or among other changes; after eight questions within an
hour that nobody agreed to, nobody is asked any more. Both can still be applied in the terminal. \`TRUENAS_APPROVAL=always\` sends every change there.`,
    `**\`TRUENAS_APPROVAL=client\` lets a form of the client stand for approval, of everything but \`executes\`. That is no defence
against a model with a shell**, or against a client that answers forms by itself.`,
    '### Whose rights a change uses',
    `- **The person's sign-in**, given at the approval (password and one-time code, or an API key; never one of this configuration, which
  shows no person), never stored. It serves
  further \`reversible\` and \`configuration\` changes of the same caller for \`TRUENAS_WRITE_SESSION\` minutes (15; 0: for one change);
  everything graver needs a sign-in of its own. The audit log of the NAS names the person.
- **\`TRUENAS_WRITE_API_KEY\`**, for \`reversible\` and \`configuration\` changes only; a full administrator's key is refused. **Whoever
  can read the environment or the files of this process, a model with a shell for one, can use the key directly**, around every
  rule of this page: give its user no more roles than slight changes need.
- With neither, changes are planned, and applied once a person signs in.`,
    '### Limits that no consent opens',
    `- \`TRUENAS_SCOPE\` confines changes to datasets; what cannot be tied to a dataset is refused under it. Reading is not confined.
- \`TRUENAS_PROTECT\` names datasets that are never destroyed or exposed, whoever approves, nor is what lies above them, or was cloned
  from them, and that get no other name: protection goes by names. Under it no service starts that opens shares besides those of the plan, and no
  user is made in groups: which datasets that reaches, nobody can tell. A clone whose origin lies outside \`TRUENAS_SCOPE\` is outside, too.
- \`boot-pool\`, \`.system\` and the datasets of apps are never changed.
- What is never called (above) is not written either. Code as root (cron jobs, init scripts, pre and post commands, free service
  parameters, arguments of VMs, a line break in a text that services read line by line, and the like) is refused unless \`TRUENAS_ALLOW_CODE=true\`, and is then approved each time.
- Flags such as \`force\` and \`recursive\` are sent only as a reviewed table allows. \`[redacted]\` and other marks of what was hidden or cut
  are never written back.`,
    '### Any other method: TRUENAS_API_WRITE',
    `\`TRUENAS_API_WRITE=true\` offers \`call_api_write\`, which plans any other changing method, under all rules of this page. It knows less
than a tool that was made for the method, and says so in its plan:
- What hangs on a thing is not looked for. Methods whose own tool is safer (deletes of datasets, shares and snapshots, permissions,
  disks, services, restarts) are left to that tool.
- A NAS shows a method that writes only to an account that may call it. Parameters are held against its schema while planning
  where an account for changes is signed in, and in any case before anything is sent.
- What nobody judged, a method or an argument, counts as code that runs as root.
- Under \`TRUENAS_SCOPE\` it changes only what hangs on one dataset by its kind (datasets, snapshots and their tasks, SMB and NFS shares,
  extents, folders). Under \`TRUENAS_PROTECT\` nothing is destroyed or exposed of which nobody can tell all datasets that it reaches.
- Undo gives the old values of the fields back that were sent, or deletes what was made; what was deleted, and what an action did, is
  not taken back. Secrets are named in \`ask\`, and typed by the person; not those within a list, where a person could not tell for which
  entry: they are entered in the web interface.
- The entries of \`user_properties_update\` have a field \`key\` for the name of a property, which is no secret where it is such a name
  (with a colon); under \`key\` anywhere else nothing of a model is taken.`,
    '### What is kept on disk',
    `- **Audit**: intent before and outcome after, written through to disk before anything is sent; no audit, no change. It lies in
  \`TRUENAS_STATE_DIR\` (\`audit.jsonl\`) or in \`TRUENAS_AUDIT_FILE\`. \`truenas-mcp audit verify FILE\` finds entries that were altered, dropped or
  inserted by anybody who cannot read its key. The key lies beside the file: **its owner can forge it.**
  That the last entries of a chain, or a whole chain (one for each process), are missing does not show.
- **Journal** of what was changed and how it is undone: in memory, or in \`TRUENAS_STATE_DIR\`, owner-only. A change whose process
  died in the middle is listed with its outcome unknown. An altered journal can neither lower a risk nor send a write as a read. The undo of a change of an earlier run, which only
  the file knows, always waits for a person, and is refused where a scope (or, for the graver risks, a protected dataset) is set.
- **\`TRUENAS_SECRETS_DIR\`**: entries with a secret that the operator put there, each for one method, field and target. They are read
  when a change needs them. Any other secret of a change is typed at the approval. None passes through model, form, preview,
  journal or audit.`,
    '### Not defended',
    `- A process of the same user that alters this program, its configuration, its memory or the page, or shows a page that looks like
  it: the person's password can be caught there. Give the assistant's shell another user.
- A person who approves without reading, and an operator's own settings: \`client\`, wide roles, \`TRUENAS_ALLOW_CODE\`.
- What others do on the NAS between the last look and the call: a moment remains.
- Undo restores what it names, no more: data that was deleted, and what was read while something was exposed, stays lost.
- An administrator of the NAS, and the NAS itself.`,
    '### Not there yet',
    `- No runbooks (changes that were approved beforehand for unattended work).
- Paths are resolved on the NAS (symbolic links) for permissions and shares only.`,
    '### Each claim and its test',
    'The test run fails when one of these tests is missing.',
    table(
      ['Claim', 'Proof'],
      CLAIMS.map(([claim, file, title]) => [claim, `\`${file}\`: "${title}"`]),
    ),
  ].join('\n\n');
}

const CONSENT = [
  [
    '`reversible`',
    'nothing lost, opened or cut off',
    'none; access `operate` or higher',
    'applied at once, and a task while the NAS works',
  ],
  [
    '`configuration`',
    'settings, new and empty things',
    'a form of the client; without forms, the summary repeated',
    'form or summary come first; a task while the NAS works',
  ],
  [
    '`exposes`',
    'somebody can reach more than before, or it cannot be told',
    'approval',
    'a task while a person decides, and while the NAS works',
  ],
  [
    '`destroys`',
    'data, access, a protection or running work is lost',
    'approval',
    'a task while a person decides, and while the NAS works',
  ],
  [
    '`executes`',
    'code as root, or not judged',
    'approval',
    'a task while a person decides, and while the NAS works',
  ],
] as const;

const APPLY = 'test/changes/apply.test.ts';
const ADVERSARY = 'test/changes/adversary.test.ts';
const ISOLATION = 'test/browser/isolation.test.ts';
const FAULTS = 'test/changes/faults.test.ts';
const SECRETS = 'test/changes/secrets.test.ts';
const SESSIONS = 'test/systems/write-sessions.test.ts';
const TRAPS = 'test/policy/risk/traps.test.ts';

const GENERIC = 'test/tools/api/call-api-write.test.ts';

/** Claim, file, and the title of the test in it. */
const CLAIMS: readonly (readonly [string, string, string])[] = [
  [
    'A reading session writes nothing',
    'test/docs/security.test.ts',
    'a whole session writes nothing to disk',
  ],
  [
    'Planning sends no write; a reversible change is verified, and undone',
    APPLY,
    'a reversible change is planned without a write, applied at once, seen on the NAS, and undone',
  ],
  [
    'Planning any method of the API sends no write, on every release',
    'test/contract/call-api-write.test.ts',
    'of %s plans or refuses each method, and sends nothing that writes',
  ],
  [
    'Denied methods and arguments are refused before anything is read',
    GENERIC,
    'is told before anything but the release of the NAS is read, where the method or an argument is denied',
  ],
  [
    'References and secrets cannot be smuggled into a generic call',
    GENERIC,
    'a %s, at any depth and in JSON text',
  ],
  [
    'A secret of a model is refused in every form in which answers hide one',
    GENERIC,
    'a secret of the model in %s, and the answer does not repeat it',
  ],
  [
    'Parameters are checked against the NAS before anything is sent',
    GENERIC,
    'are planned unchecked where only a reading account is signed in, and checked before anything is sent',
  ],
  [
    'The account is known to be allowed every call before the first is sent',
    'test/changes/account-roles.test.ts',
    'of a change in several calls is told before the first is sent that it lacks the role of the last',
  ],
  ['The highest risk counts', TRAPS, 'the risk of a change is the highest of its calls, and its level too'],
  ['What nobody judged executes', TRAPS, '%s counts as running code'],
  [
    'A form that would hide a part of the plan is not shown',
    APPLY,
    'a form that would hide what comes after %j is not shown: the page shows all of it',
  ],
  [
    'A form shows the exact plan',
    APPLY,
    'a form is shown with the exact plan, and a change is applied only when the person ticks it',
  ],
  ['Two calls repeat the summary', APPLY, 'without forms, the summary has to be repeated word for word'],
  [
    'Approval is not the client’s to give',
    APPLY,
    'what destroys waits for a person’s sign-in on the page, whatever the client says',
  ],
  [
    'What is agreed to is shown whole',
    ADVERSARY,
    'hide nothing behind their beginning: up to the limit all of them are shown, and longer ones are not sent',
  ],
  [
    'Clients that come after the plan are not cut off by it',
    ADVERSARY,
    'a plan that was slight, and under which %s clients came, is not sent',
  ],
  [
    'A clone is protected as what it was cloned from',
    'test/tools/api/call-api-write-places.test.ts',
    'holds for the tools of shares, too',
  ],
  [
    'A model cannot answer its own question',
    ADVERSARY,
    'an answer without the sealed state of a question is no answer',
  ],
  ['Other pages cannot use the page', ADVERSARY, 'another page, or a request without an origin, is refused'],
  [
    'Only the preview that was shown is applied',
    ADVERSARY,
    'an invented token, or another preview, applies nothing',
  ],
  [
    'A declined change is not asked again in disguise',
    'test/changes/declined.test.ts',
    'is the same when it is planned together with something else, before or after it',
  ],
  [
    'A question that nobody answers is not put again',
    'test/changes/declined.test.ts',
    'is remembered for an hour after its time is over, as one that was declined',
  ],
  [
    'No other spelling of a declined change is asked about',
    'test/changes/declined.test.ts',
    'is the same with a field that has its value already',
  ],
  [
    'Questions end',
    'test/changes/declined.test.ts',
    'end after eight in vain: no more forms or pages within the hour, and the answer says so',
  ],
  [
    'Guessing passwords ends the plan',
    ADVERSARY,
    'three wrong sign-ins end the plan, and the right one comes too late',
  ],
  [
    'The page runs no script but its own',
    ISOLATION,
    'runs no script that somebody wrote into it, which runs in a page without its policy',
  ],
  [
    'The page sends to nobody but its server',
    ISOLATION,
    'lets no request out to another server, even of a script within it',
  ],
  [
    'The sign-in lives in the page alone',
    ISOLATION,
    'keeps the sign-in in its memory only: no cookie, no storage, no address, no text',
  ],
  [
    'A task is no consent',
    'test/mcp/tasks.test.ts',
    'that %s waits for a person, whatever the client sends to the task',
  ],
  [
    'Letters that look like others are shown as what they are',
    'test/changes/look-alikes.test.ts',
    'page and terminal show such a name as the plan does',
  ],
  [
    'What is cut off a summary is not agreed to',
    'test/changes/look-alikes.test.ts',
    'a summary that is cut off is not agreed to by repeating it',
  ],
  [
    'What is protected gets no other name',
    'test/changes/protected-names.test.ts',
    'is not got around by another name of %s',
  ],
  [
    'What an earlier step fills is not empty',
    'test/changes/filled-earlier.test.ts',
    'exposes the data of a cloned volume',
  ],
  [
    'A protection among settings is no mere setting',
    'test/policy/risk/quiet-fields.test.ts',
    '%s with %s from %j to %j',
  ],
  [
    'A line break brings no setting of its own',
    'test/policy/risk/quiet-fields.test.ts',
    'is looked for in every text of every judged method',
  ],
  [
    'Names of the NAS are harmless on the page',
    ISOLATION,
    'shows hostile names as harmless text: no markup, no script, no letters that turn the reading around',
  ],
  [
    'Nothing of a plan shows before the sign-in',
    'test/cli/approve.test.ts',
    'a wrong password shows nothing of the plan',
  ],
  [
    'A sign-in serves slight changes of its caller',
    SESSIONS,
    'serves slight changes of the caller who signed in, and of nobody else',
  ],
  [
    'A key that lies in the configuration approves nothing',
    SESSIONS,
    'of the configuration, for %s, is refused before the NAS is asked: whoever reads files has it',
  ],
  ['A sign-in ends', SESSIONS, 'is over after its minutes: a change after that needs another sign-in'],
  [
    'The key for changes serves no graver ones',
    SESSIONS,
    'never serves a change that needs approval, unless a form of the client is enough',
  ],
  [
    'A full administrator’s key is refused',
    SESSIONS,
    'of a full administrator is refused on %s, with what to do, and not tried again at once',
  ],
  ['Level, scope and protection hold', FAULTS, 'a change %s is planned, and not applied'],
  [
    'Code as root is closed',
    'test/policy/risk/denials.test.ts',
    '%s with %j is not sent unless the operator allows code, and then executes',
  ],
  ['What was hidden is not written back', ADVERSARY, '%s is never written back'],
  ['A plan is its caller’s', FAULTS, 'a plan of another caller, or none, cannot be applied'],
  ['A plan expires', FAULTS, 'a plan that has expired is not applied'],
  [
    'A plan is bound to the thing, not to its name',
    FAULTS,
    'a thing that was made again under the same name is not touched',
  ],
  [
    'A lost connection is unknown, and re-read',
    FAULTS,
    'after the NAS ran it: unknown, and the re-read shows that it is there',
  ],
  ['Success is what is seen', FAULTS, 'one that answers yes and changes nothing is caught'],
  ['No audit, no change', FAULTS, 'an audit file that cannot be written stops the change before it is sent'],
  [
    'A failing disk leaves nothing unsaid',
    'test/changes/failing-disk.test.ts',
    '($kind) under $what in $file, $sent of two calls are sent, and that is told',
  ],
  [
    'Killed at any step, it tells after the restart',
    'test/stdio/interrupted-changes.test.ts',
    'killed %s, it tells the change after the restart, and the audit is whole',
  ],
  [
    'Several processes share one audit',
    'test/changes/audit-processes.test.ts',
    'four processes that begin at once, also with the key, lose nothing while they rotate',
  ],
  [
    'The debugger stays shut',
    'test/stdio/changes.test.ts',
    'the debugger stays shut: SIGUSR1 of another process of the same user opens nothing',
  ],
  ['An altered audit is found', 'test/changes/audit-chain.test.ts', '%s is told'],
  [
    'An undo takes nothing of others along',
    'test/tools/storage/undo-used.test.ts',
    'waits for a person once something else hangs on it, and is not sent as long as it does',
  ],
  [
    'What others may rely on by now is no own work any more',
    'test/changes/own-work.test.ts',
    'after an hour the undo of %s has a risk of its own',
  ],
  [
    'An undo that would lose data is no undo of own work',
    'test/tools/storage/snapshot-changes.test.ts',
    'the undo of a snapshot needs a person once it holds what was deleted since, also after it was planned',
  ],
  ['An altered journal lowers no risk', ADVERSARY, 'cannot pass a delete off as reversible'],
  [
    'Nor does it with claimed facts, or a claimed dataset',
    ADVERSARY,
    'cannot claim facts or a state that lower the risk of what it names',
  ],
  [
    "A model's words do not stand for what is done",
    ADVERSARY,
    'the summary of several changes says what is done, whatever the model says that it is for',
  ],
  ['An opened page is no consent', ADVERSARY, 'whoever agreed to open the page has not agreed to the change'],
  [
    'A typed secret is nowhere to be read',
    SECRETS,
    'unlocks, and shows in no preview, answer, journal, audit or page',
  ],
  ['Typed on the page, it goes to the NAS alone', ISOLATION, 'reaches the NAS, and nothing else'],
  [
    'A stored secret serves one purpose',
    SECRETS,
    'is used for the one method, field and target that it names',
  ],
];
