import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process among all that may see a shared folder. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /**
   * Where the pid has its meaning: boot and pid namespace on Linux (containers of one machine have their own), the
   * host's name elsewhere.
   */
  readonly scope: string;
  /** When the process began, in the system's own unit; null where it can't be told. A reused pid has another. */
  readonly began: string | null;
}

export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return { pid, host: hostname(), scope: scope(), began: beganAt(pid) };
}

/** Whether a process lives; `unknown` if it belongs to another machine or container. */
export function lifeOf(other: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (other.scope !== scope()) return 'unknown';
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return 'dead';
  }
  const began = beganAt(other.pid);
  return began !== null && other.began !== null && began !== other.began ? 'dead' : 'alive';
}

function scope(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
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
