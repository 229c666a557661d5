/** A simulated NAS in a process of its own that takes any number of sign-ins: a measurement starts many servers in a minute. */
import { startSimulator } from 'truenas-simulator';

const { url, username, apiKey, fingerprint } = await startSimulator({ anonymousCallsPerMinute: 1_000_000 });
process.stdout.write(`${JSON.stringify({ url, username, apiKey, fingerprint })}\n`);
