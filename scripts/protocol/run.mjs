/** Runs one program to its end, bounded, with everything it said. */
import { spawn } from 'node:child_process';

const LIMIT_MS = 180_000;

/** Exit code (null when it had to be killed or never started) and output of a program. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS, ...options });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', (error) => resolve({ status: null, stdout, stderr, output: error.message }));
    child.once('close', (status) => resolve({ status, stdout, stderr, output: `${stdout}${stderr}` }));
  });
}
