/** The command line. */
import { keepCompiledCode } from './compile-cache.ts';
import { endOnUncaught, run } from './run.ts';

// What `run` loads is loaded after this on purpose.
keepCompiledCode();
endOnUncaught();
process.exitCode = await run(process.argv.slice(2));
