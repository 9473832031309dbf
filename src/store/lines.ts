import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { StoreError } from '../domain/errors.js';
import { startOver } from './journal-header.js';

/** One line of a journal: CRC-32 of the JSON's bytes in 8 hex digits, a space, the JSON, LF. */
export function encodeLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** Bytes that are read at once: a journal of many models is larger than what a run may hold. */
const PIECE = 1 << 20;

/**
 * Reads the lines of a file up to a torn tail, which a kill or a full disk leaves at any byte.
 *
 * @param onLine told what each sound line holds, and its number, from 1
 * @param from the byte to begin at
 * @returns bytes from there to the end of the last sound line
 * @throws StoreError if a damaged line is followed by a sound one: no kill does that. Whatever the system throws.
 */
export async function readLines(
  path: string,
  onLine: (value: unknown, line: number) => void,
  from = 0,
): Promise<number> {
  const file = await open(path, 'r');
  try {
    let soundBytes = 0;
    let line = 0;
    let tornAt: number | null = null;
    let rest: Buffer = Buffer.alloc(0);
    const piece = Buffer.alloc(PIECE);
    let at = from;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE, at);
      if (bytesRead === 0) return soundBytes;
      at += bytesRead;
      const bytes = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
        line++;
        const value = decodeLine(bytes.subarray(start, end));
        if (value === damaged) tornAt ??= line;
        else if (tornAt !== null) throw damagedLine(path, tornAt);
        else {
          onLine(value, line);
          soundBytes += end + 1 - start;
        }
        start = end + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
    }
  } finally {
    await file.close();
  }
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

function damagedLine(file: string, line: number): StoreError {
  return new StoreError({
    code: 'journal-damaged',
    what: `line ${line} is damaged, and sound lines follow: the file was altered or the disk lost a part of it`,
    where: file,
    remedy: startOver,
  });
}
