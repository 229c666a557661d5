/** Which tools a picture may call: those that read. A button may be made of words that came from anywhere. */

const READS =
  /^(?:(?:get|list|describe|search)_[a-z_]+|[a-z]+_(?:overview|report|coverage|calendar|forecast|review|check)|diagnose_problem|recent_changes|who_can_access|why_rebooted)$/u;

/** True for a tool that changes nothing; a test compares it with every tool there is. */
export function isReading(tool: string): boolean {
  return READS.test(tool);
}
