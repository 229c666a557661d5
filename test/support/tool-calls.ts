/** What the tests that run every tool's examples against a NAS leave out of account. */

/** Methods that any signed-in user may call: the NAS itself narrows what they show. */
export const OPEN_TO_EVERY_LOGIN = new Set(['core.get_jobs']);

/** Texts of answers that must not come here: every part of every answer can be read. */
export const FAILURE =
  /^This MCP server failed|Not authorized|not allowed for|NOT READ|could not be read|has no method/mu;

/** What signing in and finding out the release takes; no tool asks for these. */
export const SESSION = new Set([
  'auth.mechanism_choices',
  'auth.login_ex',
  'auth.login_with_api_key',
  'system.version',
  'core.ping',
]);
