import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
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
