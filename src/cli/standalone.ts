/** The command line of the standalone binary, which is one CommonJS file within Node's own: nothing there can be awaited at the top. */
import { endOnUncaught, run } from './run.ts';

endOnUncaught();
void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
