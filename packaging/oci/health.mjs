/**
 * Tells whether the server of a container lives; exit code 0 or 1. Over HTTP it must refuse a request without a token, on
 * stdio its process must be there. The NAS is not asked: sign-ins are counted there, and a NAS that is away is no reason to
 * restart the server.
 */
import { readFileSync } from 'node:fs';

const pid = Number(process.env.HEALTH_PID ?? 1);

try {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const flag = words.findIndex((word) => /^--http(?:=|$)/.test(word));
  const port = flag < 0 ? undefined : (words[flag].split('=')[1] ?? words[flag + 1]);
  if (port === undefined) process.kill(pid, 0);
  else {
    const answer = await fetch(`http://127.0.0.1:${port}/mcp`, { signal: AbortSignal.timeout(4000) });
    if (answer.status !== 401) throw new Error(`status ${answer.status} without a token`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
