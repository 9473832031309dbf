/**
 * Milliseconds an image of this project's decode, resize and crop, and tensor, each alone, one image at a
 * time on one thread. Prints one line of JSON. bench/image/pillow.py measures Pillow's the same way: a
 * runner calls both in turn and compares.
 *
 *     tsx bench/image/decode-and-resample.ts FOLDER [IMAGES] [REPEATS]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'reference-pixels/decode';
import { prepare } from 'reference-pixels/prepare';
import type { PixelBlock, Recipe, RgbImage, TensorSpec } from 'reference-pixels/recipe';
import { writeTensor } from 'reference-pixels/tensor';

const [folder, images = '200', repeats = '3'] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: decode-and-resample.ts FOLDER [IMAGES] [REPEATS]');
const names = readdirSync(folder)
  .filter((name) => /\.jpe?g$/i.test(name))
  .sort()
  .slice(0, Number(images));
const files = names.map((name) => readFileSync(join(folder, name)));

const recipe: Recipe = {
  name: null,
  decode: 'pillow',
  centralFraction: null,
  range: 'bytes',
  resize: { kind: 'short-side', size: 256, rounding: 'torchvision' },
  filter: 'pillow-bicubic',
  crop: { width: 224, height: 224, offset: 'half-even' },
  channelOrder: 'rgb',
  normalize: [
    { op: 'divide', by: 255 },
    { op: 'subtract', by: [0.485, 0.456, 0.406] },
    { op: 'divide', by: [0.229, 0.224, 0.225] },
  ],
};
const spec: TensorSpec = { layout: 'NCHW', dtype: 'float32', width: 224, height: 224, quantization: null };
const tensor = new Float32Array(3 * 224 * 224);

interface Cost {
  /** Wall time, and CPU time of all threads, in milliseconds an image. */
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function measure(work: () => Promise<void> | void): Promise<Cost> {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  await work();
  const wallMs = (performance.now() - wall) / files.length;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 / files.length };
}

const decodedImages: RgbImage[] = [];
const blocks: PixelBlock[] = [];
const stages = {
  decode: async () => {
    decodedImages.length = 0;
    for (const file of files) decodedImages.push(await decode(file, 'pillow'));
  },
  resizeAndCrop: () => {
    blocks.length = 0;
    for (const image of decodedImages) blocks.push(prepare(image, recipe));
  },
  tensor: () => {
    for (const block of blocks) writeTensor(block, recipe, spec, tensor, 0);
  },
};

const costs: Record<string, Cost[]> = {};
for (let round = 0; round <= Number(repeats); round++) {
  for (const [stage, work] of Object.entries(stages)) {
    const cost = await measure(work);
    // The first round warms the compilers up.
    if (round > 0) (costs[stage] ??= []).push(cost);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const summary = Object.fromEntries(
  Object.entries(costs).map(([stage, rounds]) => [
    stage,
    {
      wallMs: median(rounds.map(({ wallMs }) => wallMs)),
      cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
    },
  ]),
);
console.log(JSON.stringify({ library: 'onnx-imagenet-eval', images: files.length, ...summary }));
