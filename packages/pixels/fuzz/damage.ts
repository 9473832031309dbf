/** Ways to damage an image file, as disks, networks, tools and adversaries do; each follows from its seed alone. */
import { crc32 } from 'node:zlib';

/** Random numbers of a seed: mulberry32. */
class Dice {
  constructor(private state: number) {}

  /** 0 to below `sides`. */
  below(sides: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * sides);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

type Damage = (file: Uint8Array, dice: Dice, other: Uint8Array) => Uint8Array;

/** A segment of a JPEG or a chunk of a PNG: from its marker or length to past its end. */
interface Part {
  readonly start: number;
  readonly end: number;
  /** Its content, without marker, length or CRC. */
  readonly from: number;
  readonly to: number;
}

const isPng = (file: Uint8Array): boolean => file[0] === 0x89;

/** All segments before each scan's data, and all chunks. */
function partsOf(file: Uint8Array): Part[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts: Part[] = [];
  if (isPng(file)) {
    for (let at = 8; at + 12 <= file.length;) {
      const length = view.getUint32(at);
      parts.push({ start: at, end: at + 12 + length, from: at + 8, to: at + 8 + length });
      at += 12 + length;
    }
    return parts.filter(({ end }) => end <= file.length);
  }
  for (let at = 2; at + 4 <= file.length;) {
    const marker = file[at + 1]!;
    if (file[at] !== 0xff || marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd9)) {
      at += 1;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    parts.push({ start: at, end, from: at + 4, to: end });
    at = end;
  }
  return parts.filter(({ end }) => end <= file.length);
}

const pngEnd = Uint8Array.of(0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82);

const join = (...pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));
const removed = (file: Uint8Array, start: number, end: number) =>
  join(file.subarray(0, start), file.subarray(end));
const inserted = (file: Uint8Array, at: number, bytes: Uint8Array) =>
  join(file.subarray(0, at), bytes, file.subarray(at));
const randomBytes = (dice: Dice, length: number) => Uint8Array.from({ length }, () => dice.below(256));

function changed(file: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array {
  const copy = file.slice();
  change(copy);
  return copy;
}

/** Gives a PNG's chunk the CRC that its content asks for; a JPEG's segment has none. */
function mend(file: Uint8Array, part: Part): void {
  if (isPng(file))
    new DataView(file.buffer).setUint32(part.to, crc32(file.subarray(part.start + 4, part.to)));
}

function stretch(file: Uint8Array, dice: Dice, longest: number): [number, number] {
  const start = dice.below(file.length);
  return [start, Math.min(file.length, start + 1 + dice.below(longest))];
}

const markers = [0xd8, 0xd9, 0xda, 0xc0, 0xc4, 0xdb, 0xdd, 0xfe, 0x00, 0xff, 0x01, 0xcc, 0xdc] as const;

const damages: Readonly<Record<string, Damage>> = {
  'a bit flipped': (file, dice) =>
    changed(file, (copy) => (copy[dice.below(copy.length)]! ^= 1 << dice.below(8))),
  'a byte changed': (file, dice) =>
    changed(file, (copy) => (copy[dice.below(copy.length)] = dice.of([0, 255, dice.below(256)]))),
  'bytes changed': (file, dice) =>
    changed(file, (copy) => {
      for (let n = 1 + dice.below(20); n > 0; n--) copy[dice.below(copy.length)] = dice.below(256);
    }),
  'a stretch zeroed': (file, dice) => changed(file, (copy) => copy.fill(0, ...stretch(copy, dice, 200))),
  'a stretch of rubbish': (file, dice) =>
    changed(file, (copy) => {
      const [start, end] = stretch(copy, dice, 200);
      copy.set(randomBytes(dice, end - start), start);
    }),
  'a stretch missing': (file, dice) => removed(file, ...stretch(file, dice, dice.of([1, 4, 600]))),
  'a stretch twice': (file, dice) => {
    const [start, end] = stretch(file, dice, 300);
    return inserted(file, start, file.subarray(start, end));
  },
  'rubbish inserted': (file, dice) =>
    inserted(file, dice.below(file.length), randomBytes(dice, 1 + dice.below(30))),
  'cut off': (file, dice) => file.slice(0, 1 + dice.below(file.length)),
  'cut off, end marker set': (file, dice) =>
    join(file.subarray(0, 1 + dice.below(file.length)), isPng(file) ? pngEnd : Uint8Array.of(0xff, 0xd9)),
  'head of one, tail of another': (file, dice, other) =>
    join(
      file.subarray(0, 1 + dice.below(file.length)),
      other.subarray(Math.min(other.length - 1, dice.below(other.length))),
    ),
  'a marker set': (file, dice) =>
    changed(file, (copy) => {
      const at = dice.below(copy.length - 1);
      copy[at] = 0xff;
      copy[at + 1] = dice.below(2) === 0 ? dice.of(markers) : 0xd0 + dice.below(8);
    }),
  'a part missing': (file, dice) => {
    const part = dice.of(partsOf(file));
    return removed(file, part.start, part.end);
  },
  'a part twice': (file, dice) => {
    const parts = partsOf(file);
    const part = dice.of(parts);
    return inserted(file, dice.of(parts).start, file.subarray(part.start, part.end));
  },
  'a part of another': (file, dice, other) => {
    const part = dice.of(partsOf(other));
    return inserted(file, dice.of(partsOf(file)).start, other.subarray(part.start, part.end));
  },
  'a part changed, its checksum right': (file, dice) =>
    changed(file, (copy) => {
      const part = dice.of(partsOf(copy));
      for (let n = 1 + dice.below(3); n > 0; n--) {
        const at = part.from + dice.below(Math.max(1, part.to - part.from));
        if (at < part.to) copy[at] = dice.of([0, 1, 255, dice.below(256), copy[at]! ^ (1 << dice.below(8))]);
      }
      mend(copy, part);
    }),
  "a part's length changed": (file, dice) =>
    changed(file, (copy) => {
      const part = dice.of(partsOf(copy));
      // The last byte of a chunk's length, and of a segment's.
      const at = part.start + 3;
      copy[at] = dice.of([copy[at]! + 1, copy[at]! - 1, dice.below(256)]);
    }),
};

/** A whole file by its name. */
export type WholeFile = readonly [name: string, file: Uint8Array];

/** The damaged file of a seed, made of one of `whole` or of two of the same kind, and how it came to be. */
export function damagedFile(
  seed: number,
  whole: readonly WholeFile[],
): { readonly story: string; readonly file: Uint8Array } {
  const dice = new Dice(seed * 7919);
  const [name, file] = dice.of(whole);
  const [otherName, other] = dice.of(whole.filter(([, candidate]) => isPng(candidate) === isPng(file)));
  let damaged = file;
  const story: string[] = [];
  for (let n = dice.below(4) === 0 ? 2 : 1; n > 0; n--) {
    const [kind, damage] = dice.of(Object.entries(damages));
    // Twice damaged, a file may have no parts left.
    if (partsOf(damaged).length === 0) continue;
    damaged = damage(damaged, dice, other);
    story.push(kind.includes('another') ? `${kind} (${otherName})` : kind);
  }
  return { story: `${name}: ${story.join(', ')}`, file: damaged };
}
