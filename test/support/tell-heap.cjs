/** Loaded into a server under test: on SIGUSR2 it says on stderr how many bytes are held when what can be collected was. */
const { setTimeout: sleep } = require('node:timers/promises');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

process.on('SIGUSR2', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let round = 0; round < 4; round += 1) {
    collect();
    // What is to be done when an object has gone is done in a later turn, and lets go of more.
    await sleep(10);
  }
  process.stderr.write(`held ${process.memoryUsage().heapUsed}\n`);
});
