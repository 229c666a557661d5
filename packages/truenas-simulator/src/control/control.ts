/** Levers for tests: everything that can go wrong between a client and its NAS, on demand. */
import { oneTimeCode } from '../auth/otp.ts';
import type { SimEvent } from '../session/events.ts';
import type { Fault } from './faults.ts';
import type { SimulatedRelease } from '../releases.ts';
import { rebootInfo } from '../methods/system-reboot.ts';
import { createShelf } from '../world/enclosures.ts';
import type { SimServer } from '../server/listen.ts';
import { createCertificate } from '../server/tls.ts';
import { type WorldState, worldState } from './world-state.ts';

/** What a test may do to the simulated NAS. Nothing here can be reached over the wire. */
export interface SimulatorControl {
  /** Orders a fault for the next `times` calls (1 when absent) of `method`; `*` is any method. */
  next(method: string, fault: Fault, times?: number): void;
  /** Forgets ordered faults, recorded calls and the rate limit; serves normally again. */
  reset(): Promise<void>;
  /** Forgets recorded calls. */
  clearCalls(): void;
  /** Forgets who called how often before sign-in. */
  resetRateLimit(): void;
  /** Cuts every socket; the NAS runs on. */
  dropConnections(): void;
  /** Closes every WebSocket with a code. */
  closeConnections(code: number, reason?: string): void;
  /** Cuts every socket and boots again: new boot id, no sessions, no jobs; on another release if given. */
  restart(release?: SimulatedRelease): void;
  /** Stops listening: connections are refused until `accept`. */
  refuse(): Promise<void>;
  /** Listens and answers again. */
  accept(): Promise<void>;
  /** Takes TCP and TLS connections but never answers their upgrade (`handshake`), or anything at all (`everything`). */
  fallSilent(what: 'handshake' | 'everything'): Promise<void>;
  /** Answers upgrades with an HTTP status (a proxy whose NAS is starting: 502), until `accept`. */
  refuseUpgrades(status: number): void;
  /** The certificate that new connections meet; empty without TLS. */
  certificatePem(): string;
  /** New connections meet another certificate; answers its fingerprint. */
  changeCertificate(options?: { readonly isExpired?: boolean }): string;
  /** The issued key has ended. */
  expireKey(): void;
  /** The issued key is revoked. */
  revokeKey(reason?: string): void;
  /** The issued key's user is locked out by expiry. */
  expireUser(): void;
  /** Changes what the issued key's user may do, on open connections too. */
  setRoles(roles: readonly string[]): void;
  /** Turns two-factor sign-in on and gives a user a Base32 secret for it. */
  requireSecondFactor(username: string, secret: string): void;
  /** The one-time code that a user's authenticator app shows now. */
  oneTimeCode(username: string): string;
  /** The passphrase, or the key in hex, of an encrypted dataset that has its own. */
  secretOf(dataset: string): string;
  /** Authenticator level; at 2 only a password with a second factor signs in. */
  setAuthenticatorLevel(level: 1 | 2): void;
  /** A dataset is no longer mounted, as one whose mount failed. */
  unmount(dataset: string): void;
  /** From now on the disks sit in a shelf that tells their slots, as in the maker's own hardware. */
  attachShelf(): void;
  /** Something waits for the next boot, as after an upgrade of a pair of controllers. */
  requireReboot(code: string, reason: string): void;
  /** Publishes an event. */
  publish(event: SimEvent): void;
  /** Publishes `count` events of a collection at once. */
  flood(collection: string, count: number): void;
  /** The NAS forgets all subscriptions without a word. */
  loseSubscriptions(): void;
  /** Sends a text frame to every connection as it is. */
  sendRaw(text: string): void;
  /** Connections that are open now. */
  connectionCount(): number;
  /**
   * Everything that calls can change, as plain data to compare: the same before and after means that nothing is left of
   * what happened between. Clocks, process ids, jobs, the audit log and sessions are not in it.
   */
  worldState(): WorldState;
  /** Calls of sign-in methods so far, and the most within any 60 seconds. */
  logins(): { readonly total: number; readonly mostPerMinute: number };
}

/** Makes the levers of a server. `keyId` is the issued key. */
export function createControl(server: SimServer, keyId: number): SimulatorControl {
  const key = (): { expiresAt: Date | null; revokedReason: string | null; username: string } => {
    const row = server.core.accounts.apiKeys.get(keyId);
    if (row === undefined) throw new Error('the issued key was deleted');
    return row;
  };
  return {
    next: (method, fault, times) => server.faults.add(method, fault, times),
    async reset() {
      server.faults.clear();
      server.recorder.clear();
      server.limiter.reset();
      server.answerUpgradesWith(null);
      await server.setAvailability('normal');
    },
    clearCalls: () => server.recorder.clear(),
    resetRateLimit: () => server.limiter.reset(),
    dropConnections: () => server.cutAll(),
    closeConnections(code, reason) {
      for (const connection of server.connections) connection.close(code, reason);
    },
    restart: (release) => server.restart(release),
    refuse: () => server.setAvailability('refusing'),
    accept() {
      server.answerUpgradesWith(null);
      return server.setAvailability('normal');
    },
    refuseUpgrades: (status) => server.answerUpgradesWith(status),
    certificatePem: () => server.certificate?.certificatePem ?? '',
    fallSilent: (what) => server.setAvailability(what === 'handshake' ? 'silent-handshake' : 'silent'),
    changeCertificate(options) {
      const certificate = createCertificate(options);
      server.setCertificate(certificate);
      return certificate.fingerprint;
    },
    expireKey() {
      key().expiresAt = new Date(server.core.now() - 1000);
    },
    revokeKey(reason = 'Revoked by a test') {
      key().revokedReason = reason;
    },
    expireUser() {
      const user = server.core.accounts.userByName(key().username);
      if (user !== undefined) user.isExpired = true;
    },
    setRoles(roles) {
      const { accounts } = server.core;
      const user = accounts.userByName(key().username);
      const gids = new Set(user === undefined ? [] : accounts.gidsOf(user));
      for (const privilege of accounts.privileges.values()) {
        if (privilege.localGids.some((gid) => gids.has(gid))) privilege.roles = [...roles];
      }
      accounts.changed();
    },
    requireSecondFactor(username, secret) {
      const { security, userByName } = server.core.accounts;
      const user = userByName(username);
      if (user === undefined) throw new Error(`no user ${username}`);
      security.isTwoFactorEnabled = true;
      user.otpSecret = secret;
    },
    oneTimeCode(username) {
      const secret = server.core.accounts.userByName(username)?.otpSecret ?? null;
      if (secret === null) throw new Error(`${username} has no second factor`);
      return oneTimeCode(secret, server.core.now());
    },
    secretOf(dataset) {
      const key = server.core.world.datasets.get(dataset)?.key ?? null;
      if (key === null) throw new Error(`${dataset} has no key of its own`);
      return key.secret;
    },
    setAuthenticatorLevel(level) {
      server.core.accounts.security.level = level;
    },
    unmount(dataset) {
      const found = server.core.world.datasets.get(dataset);
      if (found === undefined || found === null) throw new Error(`there is no dataset ${dataset}`);
      found.isUnmounted = true;
    },
    attachShelf() {
      const { world } = server.core;
      world.shelf ??= createShelf(world.random);
    },
    requireReboot(code, reason) {
      const { world, events, bootId } = server.core;
      world.rebootReasons.set(code, reason);
      const fields = rebootInfo(world, bootId);
      events.publish({ collection: 'system.reboot.info', msg: 'changed', fields });
    },
    publish: (event) => server.core.events.publish(event),
    flood(collection, count) {
      for (let id = 1; id <= count; id++) {
        server.core.events.publish({ collection, msg: 'changed', id, fields: { id } });
      }
    },
    loseSubscriptions() {
      for (const connection of server.connections) connection.subscriptions.end();
    },
    sendRaw(text) {
      for (const connection of server.connections) connection.sendRaw(text);
    },
    connectionCount: () => server.connections.size,
    worldState: () => worldState(server.core),
    logins: () => server.recorder.logins(),
  };
}
