/** Turns the text of a setting into its value. Every parser throws `Misfit`, whose message never repeats a secret. */
import { isIP, isIPv6 } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isApiKey } from '../truenas/api-key.ts';
import { Problem } from '../truenas/problem.ts';

/** Why a value was not accepted, as the end of a sentence that starts with the setting's name: "must be …". */
export class Misfit extends Problem {
  override readonly name = 'Misfit';

  constructor(complaint: string) {
    super({ summary: complaint, nextStep: '' });
  }
}

/** Refuses what `.env` files, shells and clients leave around or instead of a value, whichever setting it is. */
export function refuseWrapping(text: string): void {
  if (isPlaceholder(text)) throw new Misfit('is a placeholder that was never filled in');
  if (/^(["'`\u2018-\u201f]).*["'`\u2018-\u201f]$/s.test(text))
    throw new Misfit('must be without the quotes around it');
}

/** `${NAS}`, `{{nas}}`, `<your key>`, `%TRUENAS_URL%`, `YOUR-API-KEY` and the words of this project's own examples. */
function isPlaceholder(text: string): boolean {
  return (
    /^(?:\$?\{.*\}|<[^<>]*>|%\w+%|\$[A-Z_]\w*|\$env:\w+)$/i.test(text) ||
    /^(?:your|my|insert|enter|paste|replace)[-_ ].*(?:key|token|user(?:name)?|host(?:name)?|fingerprint|nas|here)$/i.test(
      text,
    ) ||
    /^(?:USER-OF-THE-KEY|SHA-256-OF-THE-CERTIFICATE|change-?me|x{3,8}|todo|\.{3}|\u2026)$/i.test(text)
  );
}

/** A NAS address, as a person types it or copies it from a browser. */
export interface NasAddress {
  /** `wss://host[:port]`, or `ws://` when the person typed a plain scheme. */
  readonly url: string;
  readonly isPlain: boolean;
  readonly isLoopback: boolean;
}

/** Parses `nas.local`, `nas.local:8443`, `https://nas.local/ui/`, `wss://…`, and IPv6 with or without brackets. */
export function parseNasAddress(text: string): NasAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && !['https', 'wss', 'http', 'ws'].includes(scheme)) {
    throw new Misfit('must be a host name or start with https:// or wss://');
  }
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  if ((rest.split(/[/?#]/, 1)[0] ?? '').includes('@')) {
    throw new Misfit('must not contain a user name or password; the API key goes into TRUENAS_API_KEY');
  }
  if (/%/.test(rest) && /^\[?fe80:/i.test(rest)) {
    throw new Misfit('must not name a network interface (%…); use the host name or a routable address');
  }
  const host = isIPv6(rest) ? `[${rest}]` : rest;
  let parsed: URL;
  try {
    parsed = new URL(`https://${host}`);
  } catch {
    throw new Misfit('is not a host name or URL');
  }
  if (/\s/.test(text)) throw new Misfit('must not contain spaces');
  if (parsed.search !== '' || parsed.hash !== '')
    throw new Misfit('must not contain a query (?) or fragment (#)');
  if (!KNOWN_PATHS.test(parsed.pathname)) {
    throw new Misfit('must not contain a path; a TrueNAS answers at the root of its host');
  }
  if (!isHostName(parsed.hostname)) throw new Misfit('is not a host name or URL');
  if (parsed.port === '0') throw new Misfit('must not name port 0');
  const isPlain = scheme === 'http' || scheme === 'ws';
  const port = isPlain ? plainPort(host) : parsed.port;
  const url = `${isPlain ? 'ws' : 'wss'}://${parsed.hostname}${port === '' ? '' : `:${port}`}`;
  return { url, isPlain, isLoopback: isLoopbackHost(parsed.hostname) };
}

/** Paths that people paste along with the host: the web UI's pages and the API's own endpoints. */
const KNOWN_PATHS = /^\/+(?:(?:ui|api|signin|sessions|websocket|dashboard)(?:\/.*)?)?$/;

/** The URL parser lets quotes, commas and the like through, and labels that are too long; an API key is such a label. */
function isHostName(hostname: string): boolean {
  if (hostname.startsWith('[')) return true;
  const labels = hostname.replace(/\.$/, '').split('.');
  return labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

/** With `https` the URL parser drops `:443`, which on a plain scheme is not the default. */
function plainPort(host: string): string {
  return new URL(`http://${host}`).port;
}

/** True for `localhost`, 127.0.0.0/8 and ::1, as they stand in a URL. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(bare) === 4) return bare.startsWith('127.');
  return bare === '::1' || bare === 'localhost' || bare.endsWith('.localhost');
}

/** 64 hex digits, with or without colons, in any case, after an optional `sha256:`; given back bare and lower-case. */
export function parseFingerprint(text: string): string {
  const bare = text
    .replace(/^sha-?256(?: fingerprint)?\s*[:=]\s*/i, '')
    .replace(/[:\s]/g, '')
    .toLowerCase();
  if (!/^[0-9a-f]*$/.test(bare)) throw new Misfit('must be hexadecimal digits, optionally with colons');
  if (bare.length === 40)
    throw new Misfit('is a SHA-1 fingerprint (40 digits); the SHA-256 one (64 digits) is needed');
  if (bare.length !== 64) throw new Misfit(`must have 64 hexadecimal digits, not ${bare.length}`);
  return bare;
}

/** `30`, `30s`, `2m` or `1500ms`, in milliseconds; between one second and one hour. */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|sec|m|min)?$/i.exec(text);
  if (match === null) throw new Misfit('must be a number of seconds, or a duration such as 30s or 2m');
  const unitMs =
    { ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000 }[(match[2] ?? 's').toLowerCase()] ?? 1000;
  const durationMs = Math.round(Number(match[1]) * unitMs);
  if (durationMs < 1000 || durationMs > 3_600_000)
    throw new Misfit('must be between 1 second and 60 minutes');
  return durationMs;
}

/** A whole number within bounds. */
export function integerBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const plain = text.replace(/(?<=\d)[_,](?=\d{3})/g, '');
    if (!/^\d+$/.test(plain)) throw new Misfit('must be a whole number');
    const value = Number(plain);
    if (value < min || value > max) throw new Misfit(`must be between ${min} and ${max}`);
    return value;
  };
}

/** One word of a list, in any case. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text.toLowerCase());
    if (found === undefined) throw new Misfit(`must be one of ${words.join(', ')}`);
    return found;
  };
}

/** Words of a list, separated by commas, in the list's own order; `all` stands for every one. */
export function someOf<Word extends string>(words: readonly Word[]): (text: string) => readonly Word[] {
  return (text) => {
    const asked = splitList(text).map((word) => word.toLowerCase());
    if (asked.length === 1 && asked[0] === 'all') return words;
    const unknown = asked.filter((word) => !words.some((known) => known === word));
    if (asked.length === 0 || unknown.length > 0) {
      throw new Misfit(`must be a comma-separated choice of ${words.join(', ')}`);
    }
    return words.filter((word) => asked.includes(word));
  };
}

/** Comma-separated words, spaces around them ignored. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `true`, `1`, `yes`, `on` and their opposites. */
export function parseSwitch(text: string): boolean {
  if (/^(?:true|1|yes|on)$/i.test(text)) return true;
  if (/^(?:false|0|no|off)$/i.test(text)) return false;
  throw new Misfit('must be true or false');
}

/** Text without control characters. */
export function parsePlainText(text: string): string {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 || code === 127) throw new Misfit('must not contain control characters or line breaks');
  }
  return text;
}

/** The path of a file; `~/` is the home folder, as most MCP clients start programs without a shell. */
export function parsePath(text: string): string {
  const path = parsePlainText(text);
  return /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path;
}

/** An API key as TrueNAS issues it: `<id>-<64 letters and digits>`; older boxes issued other lengths. */
export function parseApiKey(text: string): string {
  const key = parsePlainText(text);
  if (/\s/.test(key)) throw new Misfit('must not contain spaces');
  if (!isApiKey(key)) {
    throw new Misfit('does not look like a TrueNAS API key (a number, a dash, then letters and digits)');
  }
  return key;
}
