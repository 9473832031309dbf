import { systemCode } from './errors.js';

/** Whether a process of this machine lives, whoever it belongs to. Ids are used again: another may bear it by now. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}
