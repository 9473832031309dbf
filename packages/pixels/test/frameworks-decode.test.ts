import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../src/decode.js';
import { sha256 } from './frameworks-images.js';

interface File {
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  readonly jpeg: string;
}

const { files } = JSON.parse(
  readFileSync(new URL('./fixtures/frameworks/decode.json', import.meta.url), 'utf8'),
) as { files: Readonly<Record<string, File>> };

const bytesOf = (name: string) => new Uint8Array(Buffer.from(files[name]!.jpeg, 'base64'));
const fast = (bytes: Uint8Array) => decode(bytes, 'tensorflow-fast-dct');

describe('the decode tensorflow-fast-dct', () => {
  it.each(Object.entries(files))("gives TensorFlow's bytes: %s", async (name, file) => {
    const image = await fast(bytesOf(name));
    expect([image.width, image.height]).toEqual([file.width, file.height]);
    expect(sha256(image.data)).toBe(file.sha256);
  });

  it('differs from the accurate DCT', async () => {
    const bytes = bytesOf('65x33 4:2:0 sequential');
    const accurate = await decode(bytes, 'pillow');
    expect(sha256((await fast(bytes)).data)).not.toBe(sha256(accurate.data));
  });

  it('gives each image memory of its own', async () => {
    const first = await fast(bytesOf('quality 1'));
    const before = sha256(first.data);
    await fast(bytesOf('quality 100'));
    expect(sha256(first.data)).toBe(before);
  });

  it('tells of a file that is cut off, wherever it is cut', async () => {
    const bytes = bytesOf('65x33 4:2:0 progressive');
    for (let length = 4; length < bytes.length - 2; length += 7) {
      await expect(fast(bytes.subarray(0, length)), `first ${length} bytes`).rejects.toThrow(/cut off|ends/);
    }
  });

  it('refuses or decodes a damaged file, and never fails otherwise', async () => {
    const whole = bytesOf('31x47 4:2:0 sequential');
    for (let at = 2; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at]! ^= 0x55;
      const outcome = await fast(bytes).then(
        (image) => (image.data.length === image.width * image.height * 3 ? 'decoded' : 'wrong length'),
        (error: unknown) => (error as { code?: string }).code ?? String(error),
      );
      expect(outcome, `byte ${at}`).toMatch(/^(decoded|image-[a-z-]+)$/);
    }
  });

  it('decodes a sound file after a damaged one', async () => {
    await fast(bytesOf('restart markers').slice(0, 400)).catch(() => null);
    expect(sha256((await fast(bytesOf('grey'))).data)).toBe(files['grey']!.sha256);
  });
});
