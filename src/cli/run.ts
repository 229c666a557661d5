/** Picks the command, and loads only what that command needs. */

/** Runs a command line; the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const [first = '', ...rest] = args;
  if (first === 'help' || wantsHelp(args)) return help(first === 'help' ? rest[0] : first);
  if (first === '--version' || first === '-v' || first === '-V' || first === 'version') return version();
  if (first === 'demo') return (await import('./demo.ts')).demo(rest, process.env);
  if (first === 'simulate') return (await import('./simulate.ts')).simulate(rest, process.env);
  if (first === 'approve') return (await import('./approve.ts')).approve();
  if (first === 'audit') return (await import('./audit.ts')).audit(rest);
  if (first === 'call') return (await import('./call/call.ts')).call(rest, process.env);
  if (first === 'completion') return (await import('./completion/completion.ts')).completion(rest);
  if (first === 'config') return (await import('./config/config.ts')).config(rest, process.env);
  if (first === 'doctor') return (await import('./doctor/doctor.ts')).doctor(rest, process.env);
  if (first === 'setup') return (await import('./setup/setup.ts')).setup(rest, process.env);
  if (first === 'serve') return (await import('./serve.ts')).serve(rest, process.env);
  if (first === '' || first.startsWith('-')) return (await import('./serve.ts')).serve(args, process.env);
  return (await import('./usage.ts')).unknownCommand(first);
}

function wantsHelp(args: readonly string[]): boolean {
  return args.some((arg) => arg === '--help' || arg === '-h');
}

async function help(command: string | undefined): Promise<number> {
  return (await import('./usage.ts')).printHelp(command);
}

async function version(): Promise<number> {
  process.stdout.write(`${(await import('./version.ts')).VERSION}\n`);
  return 0;
}

/** Ends the program with one line of error: Node would print the failing line as well, which in a bundle is a hundred kilobytes long. */
export function endOnUncaught(): void {
  process.on('uncaughtException', (error) => {
    // `truenas-mcp demo | head`: whoever read it has seen enough.
    if (isClosedPipe(error)) process.exit(0);
    process.stderr.write(`truenas-mcp failed: ${error.stack ?? String(error)}\n`);
    process.exit(1);
  });
}

function isClosedPipe(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}
