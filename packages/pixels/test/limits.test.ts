import { expect, test } from 'vitest';
import { decode } from '../src/decode.js';
import { prepare } from '../src/prepare.js';
import { recipe } from './fixtures.js';

function segment(marker: number, content: readonly number[]): number[] {
  const length = content.length + 2;
  return [0xff, marker, length >> 8, length & 255, ...content];
}

/** Bits as bytes of a scan: filled up with ones, a zero byte behind each 0xff. */
function entropyCoded(bits: string): number[] {
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  return (whole.match(/.{8}/g) ?? []).flatMap((byte) => {
    const value = parseInt(byte, 2);
    return value === 0xff ? [0xff, 0] : [value];
  });
}

/** A grey progressive JPEG of `side` by `side` pixels, all of one level, told in 1 + `scans` scans of few bytes each. */
function manyScans(side: number, scans: number): Uint8Array {
  const blocks = (side / 8) ** 2;
  const size = [side >> 8, side & 255];
  const oneCode = (use: number, symbol: number) =>
    segment(0xc4, [use, 1, ...new Array<number>(15).fill(0), symbol]);
  // Code 0 of one bit: in the DC table no difference, in the AC table 2^14 to 2^15 - 1 blocks without coefficients.
  const runs = Math.ceil(blocks / 32767);
  const scanOf = (start: number, end: number, bits: string) => [
    ...segment(0xda, [1, 1, 0, start, end, 0]),
    ...entropyCoded(bits),
  ];
  // Each run: its code, and as many blocks as fourteen bits can add.
  const empty = scanOf(1, 63, `0${'1'.repeat(14)}`.repeat(runs));
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xdb, [0, ...new Array<number>(64).fill(1)]),
    ...segment(0xc2, [8, ...size, ...size, 1, 1, 0x11, 0]),
    ...oneCode(0, 0),
    ...oneCode(0x10, 0xe0),
    ...scanOf(0, 0, '0'.repeat(blocks)),
    ...Array.from({ length: scans }, () => empty).flat(),
    ...[0xff, 0xd9],
  ]);
}

test('a JPEG of many scans is decoded', async () => {
  const image = await decode(manyScans(256, 3), 'tensorflow-fast-dct');
  expect(new Set(image.data)).toEqual(new Set([128]));
});

test('a small file made to take minutes is given up when its time is over, in a decoder that never yields too', async () => {
  const start = performance.now();
  await expect(decode(manyScans(8192, 4000), 'tensorflow-fast-dct', 500)).rejects.toMatchObject({
    code: 'decode-timeout',
    what: 'decoding took longer than 0.5 s and was given up',
  });
  expect(performance.now() - start).toBeLessThan(60_000);
});

test.each(['torch-bilinear-antialias', 'torch-bicubic-antialias'] as const)(
  'a line of 65 500 pixels, enlarged to 16 million rows, is cropped at once: %s',
  (filter) => {
    const line = { width: 1, height: 65_500, data: new Uint8Array(3 * 65_500).fill(77) };
    const start = performance.now();
    const before = process.memoryUsage().rss;
    const block = prepare(
      line,
      recipe({
        filter,
        resize: { kind: 'short-side', size: 256, rounding: 'torchvision' },
        crop: { width: 224, height: 224, offset: 'half-even' },
      }),
    );
    expect(new Set(block.data)).toEqual(new Set([77]));
    expect(performance.now() - start).toBeLessThan(20_000);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(300);
  },
);
