/** The approval page: three small files, served from memory. Every text of a plan is set as text, never as markup. */

export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Approve a change of your NAS</title>
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<main>
<h1>Approve a change of your NAS</h1>
<p id="intro">An assistant has planned a change. Sign in to your NAS to see it. What you type goes to the NAS, is used once, and is not kept.</p>
<p id="message" role="alert"></p>
<p id="progress" role="status"></p>
<form id="sign-in" autocomplete="off">
<label for="username">User of the NAS</label>
<input id="username" name="username" autocomplete="off" autocapitalize="none" spellcheck="false" required autofocus>
<label for="password">Password, or an API key of this user</label>
<input id="password" name="password" type="password" autocomplete="off" required>
<label for="code">One-time code <span class="hint">(if your user has one)</span></label>
<input id="code" name="code" inputmode="numeric" autocomplete="off" spellcheck="false">
<button type="submit">Show the change</button>
</form>
<section id="plan" hidden aria-labelledby="summary">
<h2 id="summary" tabindex="-1"></h2>
<dl id="facts"></dl>
<form id="secrets" autocomplete="off"></form>
<button type="submit" form="secrets" hidden>Apply</button>
<div class="buttons">
<button id="decline" type="button">Decline</button>
<button id="apply" type="button" class="grave">Apply</button>
</div>
</section>
<pre id="outcome" hidden tabindex="-1" role="status"></pre>
</main>
</body>
</html>
`;

export const PAGE_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.3rem; }
h2 { font-size: 1.1rem; overflow-wrap: anywhere; }
label { display: block; margin-top: 0.8rem; font-weight: 600; }
.hint { font-weight: 400; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: 0.5rem; }
button { font: inherit; padding: 0.6rem 1.2rem; margin-top: 1rem; cursor: pointer; }
button:focus-visible, input:focus-visible, h2:focus-visible, pre:focus-visible { outline: 3px solid CanvasText; outline-offset: 2px; }
.grave { font-weight: 700; }
.buttons { display: flex; gap: 1rem; flex-wrap: wrap; }
dt { font-weight: 700; margin-top: 0.8rem; }
dd { margin: 0 0 0.2rem; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; border-left: 4px solid; padding-left: 1rem; }
#message:not(:empty) { border-left: 4px solid; padding-left: 1rem; font-weight: 600; }
[hidden] { display: none !important; }
`;

export const PAGE_SCRIPT = `'use strict';
const $ = (id) => document.getElementById(id);
const plan = location.pathname.slice(1);
let shown;

async function ask(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    credentials: 'omit',
    redirect: 'error',
  });
  if (response.status !== 200 && response.status !== 422) return { problem: 'The page of this plan is closed.' };
  return response.json();
}

function say(text) {
  $('progress').textContent = '';
  $('message').textContent = text;
}

function wait(text) {
  $('message').textContent = '';
  $('progress').textContent = text;
}

function fact(title, lines) {
  if (lines.length === 0) return;
  const dt = document.createElement('dt');
  dt.textContent = title;
  $('facts').append(dt);
  for (const line of lines) {
    const dd = document.createElement('dd');
    dd.textContent = line;
    $('facts').append(dd);
  }
}

function busy(isBusy) {
  for (const button of document.querySelectorAll('button')) button.disabled = isBusy;
}

$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  wait('Signing in to the NAS.');
  busy(true);
  const username = $('username').value.trim();
  const secret = $('password').value;
  const code = $('code').value.trim();
  const isKey = /^\\d+-[A-Za-z0-9]{64}$/.test(secret.trim());
  const body = isKey
    ? { plan, username, apiKey: secret }
    : { plan, username, password: secret, ...(code === '' ? {} : { code }) };
  const answer = await ask('/sign-in', body).catch(() => ({ problem: 'The MCP server does not answer.' }));
  busy(false);
  say(answer.problem ?? '');
  if (answer.problem !== undefined) {
    if (answer.needsCode) $('code').focus();
    else $('password').select();
    return;
  }
  $('password').value = '';
  $('code').value = '';
  show(answer);
});

function show(answer) {
  shown = answer;
  typed.length = 0;
  $('facts').replaceChildren();
  $('secrets').replaceChildren();
  $('sign-in').hidden = true;
  $('intro').hidden = true;
  const { preview } = answer;
  $('summary').textContent = preview.summary;
  fact('NAS and account', [answer.system + ', as ' + answer.account]);
  fact('Risk', [preview.risk, ...preview.reasons]);
  fact('What is sent', preview.calls.map((call, index) => index + 1 + '. ' + call));
  fact('Before and after', preview.diff);
  fact('Impact', preview.impact);
  fact('Undo', preview.undo);
  const obstacles = [
    ...preview.obstacles,
    ...answer.moved.map((name) => name + ' has changed since this was planned.'),
    ...answer.missingRoles.map((role) => 'Your account lacks the role ' + role + '. A privilege of one of its groups can have it: Credentials > Groups > Privileges.'),
  ];
  fact('Cannot be applied', obstacles);
  fact('Secrets', preview.secrets);
  if (obstacles.length === 0) for (const secret of answer.secrets) askFor(secret);
  $('apply').hidden = obstacles.length > 0;
  $('plan').hidden = false;
  $('summary').focus();
}

const typed = [];

function input(label) {
  const field = document.createElement('input');
  field.type = 'password';
  // A browser fills saved passwords into any other field.
  field.autocomplete = 'new-password';
  field.required = true;
  field.id = 'secret-' + $('secrets').children.length;
  const title = document.createElement('label');
  title.htmlFor = field.id;
  title.textContent = label;
  $('secrets').append(title, field);
  return field;
}

function askFor(secret) {
  const first = input(secret.label);
  typed.push({ key: secret.key, first, again: secret.isNew ? input(secret.label + ', again') : first });
}

function secrets() {
  const wrong = typed.find(({ first, again }) => first.value === '' || first.value !== again.value);
  if (wrong === undefined) return Object.fromEntries(typed.map(({ key, first }) => [key, first.value]));
  say(wrong.first.value === '' ? 'Type what is asked for first.' : 'The two are not the same.');
  wrong.first.focus();
  return undefined;
}

function apply(event) {
  event.preventDefault();
  say('');
  const given = secrets();
  if (given === undefined) return;
  for (const { first, again } of typed) first.value = again.value = '';
  finish('/apply', { token: shown.token, hash: shown.hash, secrets: given });
}

async function finish(path, body) {
  busy(true);
  wait(path === '/apply' ? 'Applying the change. It goes on when this page is closed.' : 'Declining.');
  const answer = await ask(path, body).catch(() => ({ problem: UNKNOWN[path] }));
  busy(false);
  say(answer.problem ?? '');
  if (answer.problem === undefined) {
    shown = undefined;
    $('plan').hidden = true;
    $('outcome').textContent = answer.text ?? 'Declined. Nothing was changed.';
    $('outcome').hidden = false;
    $('outcome').focus();
  } else if (answer.isSignedOut) {
    shown = undefined;
    $('plan').hidden = true;
    $('intro').hidden = false;
    $('sign-in').hidden = false;
    $('password').focus();
  }
}

const UNKNOWN = {
  '/apply': 'The MCP server does not answer: it is not known whether the change was applied. Look at the NAS first.',
  '/decline': 'The MCP server does not answer. From here, nothing was applied.',
};

$('apply').addEventListener('click', apply);
$('secrets').addEventListener('submit', apply);
$('decline').addEventListener('click', () => finish('/decline', { token: shown.token }));

// Whoever closes or reloads the page has not declined; their connection to the NAS is of no more use.
addEventListener('pagehide', () => {
  if (shown === undefined) return;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ token: shown.token });
  shown = undefined;
  fetch('/leave', { method: 'POST', headers, body, credentials: 'omit', keepalive: true }).catch(() => {});
});
`;
