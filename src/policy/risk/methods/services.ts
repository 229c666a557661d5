/** Services: start, stop, restart, at boot. */
import type { JudgedCall } from '../call.ts';
import { configures, cutsOffClients, destroys, exposes, type Finding, opensIfShared } from '../finding.ts';
import { isRecord, type MethodRule } from '../rule.ts';
import { fields, flag, identity, setting } from '../rules.ts';

/** Services through which data is reached: what they serve depends on their shares. */
const SHARING = new Set(['cifs', 'nfs', 'iscsitarget', 'nvmet', 'webshare', 's3']);
/** Services by which people or programs sign in to, or read out, the NAS itself. */
const SIGN_IN = new Set([
  'ssh',
  'ftp',
  'snmp',
  'openvpn_client',
  'openvpn_server',
  'rsync',
  'tftp',
  'dynamicdns',
  'lldp',
]);
/** Services that protect. */
const PROTECTING = new Set(['ups', 'smartd']);

const options = fields({
  ha_propagate: setting,
  timeout: setting,
  silent: flag({ on: configures('a failure is not reported') }),
});

/** What is known of a service; any other name may be anything. */
function kindOf(name: unknown): 'sharing' | 'sign-in' | 'protecting' | 'unknown' {
  if (typeof name !== 'string') return 'unknown';
  if (SHARING.has(name)) return 'sharing';
  if (SIGN_IN.has(name)) return 'sign-in';
  return PROTECTING.has(name) ? 'protecting' : 'unknown';
}

function startFindings(call: JudgedCall, name: unknown): readonly Finding[] {
  if (isRecord(call.before) && call.before['state'] === 'RUNNING') return [];
  const kind = kindOf(name);
  if (kind === 'protecting') return [];
  if (kind === 'sharing') return [opensIfShared('the shares of the service can be reached')];
  return [{ ...exposes('people or programs can reach the NAS through the service'), level: 'operate' }];
}

function stopFindings(call: JudgedCall, name: unknown): readonly Finding[] {
  const wasStopped = isRecord(call.before) && call.before['state'] === 'STOPPED';
  if (wasStopped) return [];
  const kind = kindOf(name);
  if (kind === 'protecting')
    return [{ ...destroys('the NAS is no longer protected by the service'), level: 'operate' }];
  if (kind === 'unknown')
    return [{ ...destroys('nobody knows what depends on the service'), level: 'operate' }];
  return [cutsOffClients('clients of the service are cut off', 'operate')];
}

function byVerb(verb: unknown, call: JudgedCall, name: unknown): readonly Finding[] {
  switch (verb) {
    case 'START':
      return atOperate(startFindings(call, name));
    case 'STOP':
      return atOperate(stopFindings(call, name));
    case 'RESTART':
      return atOperate([...stopFindings(call, name), ...startFindings(call, name)]);
    case 'RELOAD':
      return [];
    default:
      return [destroys('nobody knows what this does to the service')];
  }
}

function atOperate(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, level: 'operate' }));
}

function plain(verb: string): MethodRule {
  return {
    risk: 'reversible',
    why: `a service is told to ${verb.toLowerCase()}`,
    params: [identity, options],
    also: (call) => byVerb(verb, call, call.params[0]),
  };
}

export const SERVICES: Readonly<Record<string, MethodRule>> = {
  'service.control': {
    risk: 'reversible',
    why: 'a service is told to run, stop or read its settings',
    params: [identity, identity, options],
    also: (call) => byVerb(call.params[0], call, call.params[1]),
  },
  'service.start': plain('START'),
  'service.stop': plain('STOP'),
  'service.restart': plain('RESTART'),
  'service.reload': plain('RELOAD'),
  'service.update': {
    risk: 'configuration',
    why: 'whether a service starts with the NAS changes',
    params: [identity, fields({ enable: setting })],
    also: atBootFindings,
  },
};

function atBootFindings(call: JudgedCall): readonly Finding[] {
  const [nameOrId, data] = call.params;
  const row = isRecord(call.before) ? call.before : {};
  const enable = isRecord(data) ? data['enable'] : undefined;
  if (isRecord(data) && (enable === undefined || enable === row['enable'])) return [];
  if (typeof enable !== 'boolean') return [destroys('nobody knows what this does to the service')];
  const kind = kindOf(row['service'] ?? nameOrId);
  if (enable === true) return startFindings(call, row['service'] ?? nameOrId);
  if (kind === 'protecting' || kind === 'unknown')
    return [destroys('after the next start of the NAS the service no longer protects it')];
  return [];
}
