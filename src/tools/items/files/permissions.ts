/** Permission bits and times of files, as people read them. */

/** `0o40755` as `755`; with set-uid, set-gid and sticky bit where set, `2770`. */
export function modeText(mode: number | null): string | null {
  return mode === null ? null : (mode % 0o10_000).toString(8).padStart(3, '0');
}
