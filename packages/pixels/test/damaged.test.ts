import { readFileSync } from 'node:fs';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { damagedFile, type WholeFile } from '../fuzz/damage.js';
import { excuseFor } from '../fuzz/excuses.js';
import { decode } from '../src/decode.js';
import { ImageError } from '../src/errors.js';
import type { DecodeName } from '../src/recipe.js';
import { imagesDir, sha256 } from './fixtures.js';

/** What a library made of each damaged file, by its seed: the first 16 digits of its pixels' SHA-256, null where it refused. */
interface Answered {
  readonly files: readonly string[];
  readonly answers: Readonly<Record<string, string | null>>;
}

function answersOf(library: string): Answered {
  const file = new URL(`./fixtures/damaged-${library}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Answered; // fuzz/main.ts writes this shape
}

async function outcomeOf(
  file: Uint8Array,
  decoder: DecodeName,
): Promise<{ hash: string } | { refusal: string }> {
  try {
    return { hash: sha256((await decode(file, decoder)).data).slice(0, 16) };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { refusal: error.what };
  }
}

test.each([
  ['pillow', 'pillow'],
  ['tensorflow', 'tensorflow-fast-dct'],
] as const)(
  'of a thousand damaged files, what %s refuses is refused, and the others have its bytes',
  async (library, decoder) => {
    const { files, answers } = answersOf(library);
    const whole = files.map((name): WholeFile => [name, new Uint8Array(readFileSync(imagesDir + name))]);
    const differences: string[] = [];
    for (const [seed, answer] of Object.entries(answers)) {
      const { story, file } = damagedFile(Number(seed), whole);
      const outcome = await outcomeOf(file, decoder);
      if ('refusal' in outcome) {
        if (answer !== null && excuseFor(outcome.refusal) === undefined)
          differences.push(`refused: ${story}`);
      } else if (outcome.hash !== answer) {
        differences.push(`${answer === null ? 'taken' : 'other bytes'}: ${story}`);
      }
    }
    expect(Object.keys(answers)).toHaveLength(1000);
    expect(differences).toEqual([]);
  },
);

const sound = readFileSync(`${imagesDir}rgb-420.jpg`);

/** `sound` with a marker in the middle of its scan, from where on libjpeg decodes grey. */
function stopped(...marker: number[]): Uint8Array {
  const file = Uint8Array.from(sound);
  file.set(marker, Math.round(sound.length * 0.6));
  return file;
}

test.each([
  ['a second scan', [0xff, 0xda]],
  ['a second frame', [0xff, 0xc0]],
  ['a second image', [0xff, 0xd8]],
  ['an unknown marker', [0xff, 0x22]],
])('a JPEG that goes on with %s is refused, not decoded half grey', async (what, marker) => {
  const attempt = decode(stopped(...marker), 'pillow');
  await expect(attempt).rejects.toThrow(`the JPEG has ${what} where it should end: part of it is no picture`);
});

test('a PNG with a wrong checksum in a chunk of no pixels is refused, as Pillow refuses it', async () => {
  const file = Uint8Array.from(readFileSync(`${imagesDir}gamma.png`));
  const gamma = Buffer.from(file).indexOf('gAMA');
  file[gamma + 4]! ^= 1;
  await expect(decode(file, 'pillow')).rejects.toThrow("the checksum of the PNG's gAMA chunk is wrong");
});

/** The chunks of a PNG, each with its length, name and CRC; the first is its header. */
function chunksOf(png: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    chunks.push(png.subarray(at, at + 12 + png.readUInt32BE(at)));
  return chunks;
}

function chunk(name: string, content: Uint8Array): Buffer {
  const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(name), content, Buffer.alloc(4)]);
  whole.writeUInt32BE(content.length);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
  return whole;
}

test('a PNG whose palette and its clear colour come after the picture is refused, as Pillow refuses it', async () => {
  const png = readFileSync(`${imagesDir}palette-one-clear.png`);
  const [header, ...others] = chunksOf(png);
  const picture = others.find((one) => one.toString('latin1', 4, 8) === 'IDAT')!;
  const late = Buffer.concat([png.subarray(0, 8), header!, picture, ...others]);
  await expect(decode(late, 'pillow')).rejects.toThrow('the PNG has no palette for its transparency');
});

describe('a PNG whose rows go on behind its picture', () => {
  const png = readFileSync(`${imagesDir}rgb-8.png`);
  const rows = inflateSync(
    Buffer.concat(
      chunksOf(png)
        .filter((one) => one.toString('latin1', 4, 8) === 'IDAT')
        .map((one) => one.subarray(8, -4)),
    ),
  );
  const withRows = (packed: Uint8Array) =>
    Buffer.concat([png.subarray(0, 33), chunk('IDAT', packed), chunk('IEND', new Uint8Array())]);
  const longer = deflateSync(Buffer.concat([rows, Buffer.alloc(100)]), { level: 0 });

  test('is read where they end well, as Pillow and OpenCV read it', async () => {
    expect(await decode(withRows(longer), 'opencv')).toEqual(await decode(png, 'opencv'));
  });

  test('is refused where they have no end, as OpenCV refuses it', async () => {
    const attempt = decode(withRows(longer.subarray(0, -6)), 'opencv');
    await expect(attempt).rejects.toThrow('the rows of the PNG have no end');
  });

  test('is given up where they go on for more than a megabyte', async () => {
    const endless = deflateSync(Buffer.concat([rows, Buffer.alloc(3 << 20)]));
    await expect(decode(withRows(endless), 'pillow')).rejects.toThrow('go on far behind its picture');
  });
});

test('a JPEG that ends before its picture and begins again is refused by name', async () => {
  const file = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xd9), sound]);
  await expect(decode(file, 'pillow')).rejects.toThrow('the JPEG ends before its picture, and begins again');
});

test.each([
  ['the first of several', [2, 6], 2],
  ['the first with a byte order', [0, 6, 2], 6],
] as const)('of the orientations in a PNG OpenCV takes %s', async (_, orientations, taken) => {
  const png = readFileSync(`${imagesDir}rgb-8.png`);
  const exif = (orientation: number) =>
    chunk(
      'eXIf',
      Buffer.from(
        `${orientation === 0 ? '7f' : '4d'}4d002a00000008000101120003000000010${orientation.toString(16).padStart(3, '0')}000000000000`,
        'hex',
      ),
    );
  const withExif = (several: readonly number[]) =>
    Buffer.concat([png.subarray(0, 33), ...several.map(exif), png.subarray(33)]);
  expect(await decode(withExif(orientations), 'opencv')).toEqual(await decode(withExif([taken]), 'opencv'));
});
