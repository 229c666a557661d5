/** Parts of app settings and compose files by which a container gets at the NAS itself. */
import { isNested, isOn } from '../../survey.ts';
import { isPlainPath, isSystemPath } from './paths.ts';

const PRIVILEGED_KEYS =
  /^(?:privileged|cap_add|capabilities|devices?|device_cgroup_rules|security_opt|pid|pid_mode|ipc|ipc_mode|userns_mode|cgroup|network_mode|host_network|cgroup_parent|sysctls|build|post_start|pre_stop|configs|secrets|extends|include|env_file|use_api_socket|volumes_from|credential_spec|group_add|provider|gpus|runtime|uts)$/;
/** Keys whose values are folders of the NAS. */
const FOLDER_KEYS = /^(?:path|host_?path|source|src|device|volumes?|binds?|mount|mounts)$/i;

const MAX_DEPTH = 20;

/** Names the first such part, as far as names tell; `undefined` when there is none. */
export function privilegedPart(value: unknown, depth = 0): string | undefined {
  if (!isNested(value)) return undefined;
  if (depth > MAX_DEPTH) return 'values nested too deeply';
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) {
      const named = namedPart(key, inner);
      if (named !== undefined) return named;
    }
    const buried = privilegedPart(inner, depth + 1);
    if (buried !== undefined) return buried;
  }
  return undefined;
}

function namedPart(key: string, inner: unknown): string | undefined {
  if (PRIVILEGED_KEYS.test(key) && isOn(inner) && !isEmptyList(inner)) return key;
  if (!FOLDER_KEYS.test(key)) return undefined;
  const folders: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
  return folders.some(isForeignFolder) ? `${key} outside of the pools` : undefined;
}

function isEmptyList(value: unknown): boolean {
  return isNested(value) && Object.keys(value).length === 0;
}

/** A path of the host that is no folder of a pool. `SOURCE:TARGET[:MODE]` is a bind of compose. */
function isForeignFolder(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [source = ''] = value.split(':');
  if (!/^[/.~$]/.test(source)) return false;
  return !isPlainPath(source) || isSystemPath(source);
}
