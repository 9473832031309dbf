import { crc32 } from 'node:zlib';
import { StoreError } from '../domain/errors.js';

/** One line of a journal: CRC-32 of the JSON's bytes in 8 hex digits, a space, the JSON, LF. */
export function encodeLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

export interface ReadLines {
  /** What the sound lines hold, in their order. */
  readonly values: readonly unknown[];
  /** Bytes up to the end of the last sound line. What follows is a torn tail. */
  readonly soundBytes: number;
}

/**
 * Reads lines up to a torn tail, which a kill or a full disk leaves at any byte.
 *
 * @param file named in the fault
 * @throws StoreError if a damaged line is followed by a sound one: no kill does that
 */
export function decodeLines(bytes: Buffer, file: string): ReadLines {
  const values: unknown[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(LF, at);
    const value = end === -1 ? damaged : decodeLine(bytes.subarray(at, end));
    if (value === damaged) {
      refuseIfMoreIsSound(bytes, end, values.length + 1, file);
      break;
    }
    values.push(value);
    at = end + 1;
  }
  return { values, soundBytes: at };
}

const LF = 0x0a;
const damaged = Symbol('damaged');

function checksum(json: string | Uint8Array): string {
  return crc32(json).toString(16).padStart(8, '0');
}

function decodeLine(line: Buffer): unknown {
  const json = line.subarray(9);
  if (line[8] !== 0x20 || line.toString('latin1', 0, 8) !== checksum(json)) return damaged;
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    return damaged;
  }
}

function refuseIfMoreIsSound(bytes: Buffer, endOfDamage: number, line: number, file: string): void {
  let end = endOfDamage;
  while (end !== -1) {
    const next = bytes.indexOf(LF, end + 1);
    if (next !== -1 && decodeLine(bytes.subarray(end + 1, next)) !== damaged)
      throw new StoreError({
        code: 'journal-damaged',
        what: `line ${line} is damaged, and sound lines follow: the file was altered or the disk lost a part of it`,
        where: file,
        remedy: 'Start over with --fresh, or give another --out.',
      });
    end = next;
  }
}
