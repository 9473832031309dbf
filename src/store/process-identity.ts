import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import * as z from 'zod';
import { isAlive } from '../domain/live-process.js';

/** One process among all that may see a shared folder. */
export const processIdentity = z.object({
  pid: z.int(),
  /** When it began, in the system's own unit: a reused pid has another. Null where that can't be known. */
  began: z.string().nullable().default(null),
  host: z.string(),
  /** The kernel's id of the host's last start; null where there is none. */
  boot: z.string().nullable().default(null),
});
/** One process among all that may see a shared folder. */
export type ProcessIdentity = z.infer<typeof processIdentity>;

/** The process that this code runs in. */
export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return { pid, began: beganAt(pid), host: hostname(), boot: bootId() };
}

/** Whether a process lives; `elsewhere` if it is another host's, which can't be looked at. */
export function lifeOf({ pid, began, host, boot }: ProcessIdentity): 'alive' | 'dead' | 'elsewhere' {
  if (host !== hostname()) return 'elsewhere';
  if (boot !== null && boot !== bootId()) return 'dead';
  if (!isAlive(pid)) return 'dead';
  return began !== null && began !== beganAt(pid) ? 'dead' : 'alive';
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat; the second field, a name, may hold spaces and parentheses. */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended: only its parent has not noticed.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
