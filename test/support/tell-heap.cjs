/** Loaded into a server under test: on SIGUSR2 it says on stderr how many bytes are held when what can be collected was. */
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

process.on('SIGUSR2', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let round = 0; round < 3; round += 1) collect();
  process.stderr.write(`held ${process.memoryUsage().heapUsed}\n`);
});
