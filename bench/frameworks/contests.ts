/**
 * Each framework's resize and crop beside the library it follows, single-threaded, image by image in turn.
 *
 *     contests.ts IMAGES COUNT FRAMEWORKS_PYTHON TORCH_PYTHON
 *
 * IMAGES: a folder of JPEG files, of which COUNT are taken. The Pythons hold what bench/frameworks/peer.py imports.
 * Prints one line of JSON: by contest, milliseconds an image (mean of the best of 5 calls) of both; null where the
 * library is absent.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { decode } from 'reference-pixels/decode';
import { prepare } from 'reference-pixels/prepare';
import type { Recipe, RgbImage } from 'reference-pixels/recipe';
import { findRecipe } from '../../src/config/recipes/index.js';
import { imagesOf } from '../run/images.js';

/** By name. */
export type Contests = Record<string, { readonly ownMs: number; readonly peerMs: number } | null>;

const repeats = 5;
/** Calls before the first measured one: a run is of thousands of images, most of them after compilation. */
const warmUps = 100;

/** A library's process, asked one question at a time. */
class Peer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  constructor(python: string, library: string, environment: Readonly<Record<string, string>>) {
    this.#process = spawn(python, [fileURLToPath(new URL('peer.py', import.meta.url)), library], {
      env: { ...process.env, ...environment },
    });
    this.#process.stderr.resume();
    this.#process.stdin.on('error', () => undefined);
    this.#process.on('error', () => undefined);
    this.#lines = createInterface(this.#process.stdout);
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** Best milliseconds, or null where the library is absent. */
  async ask(work: string, file: string): Promise<number | null> {
    this.#process.stdin.write(`${JSON.stringify({ work, file, repeats })}\n`);
    const answer = await this.#answers.next();
    return answer.done === true ? null : (JSON.parse(answer.value) as { ms: number }).ms;
  }

  close(): void {
    this.#process.stdin.end();
    this.#lines.close();
  }
}

function filtered(filter: NonNullable<Recipe['filter']>): Recipe {
  return { ...findRecipe('timm-bicubic-256-224').recipe, filter };
}

interface Contest {
  readonly library: 'opencv' | 'pillow' | 'tensorflow' | 'torchvision';
  readonly environment?: Readonly<Record<string, string>>;
  /** Null: the decode. */
  readonly recipe: Recipe | null;
}

const [folder, count, python, pythonOfTorch] = process.argv.slice(2) as [string, string, string, string];
const pythons = { opencv: python, pillow: python, tensorflow: python, torchvision: pythonOfTorch } as const;

const contests: Readonly<Record<string, Contest>> = {
  'opencv-linear': { library: 'opencv', recipe: filtered('opencv-linear') },
  'opencv-area': { library: 'opencv', recipe: filtered('opencv-area') },
  'opencv-cubic': { library: 'opencv', recipe: filtered('opencv-cubic') },
  'opencv-cubic, IPP': {
    library: 'opencv',
    environment: { BENCH_IPP: '1' },
    recipe: filtered('opencv-cubic'),
  },
  'tensorflow-bilinear': { library: 'tensorflow', recipe: findRecipe('tf-squash-224-raw').recipe },
  'tensorflow-bilinear-legacy': {
    library: 'tensorflow',
    recipe: findRecipe('tf-official-resnet-256-224').recipe,
  },
  'tensorflow-slim': { library: 'tensorflow', recipe: findRecipe('tf-slim-inception-224').recipe },
  'tensorflow-bilinear-antialias': {
    library: 'tensorflow',
    recipe: findRecipe('st-tensorflow-imagenet-224').recipe,
  },
  'tensorflow-fast-dct': { library: 'tensorflow', recipe: null },
  // Keras' load_img resizes with Pillow.
  'keras-nearest': {
    library: 'pillow',
    recipe: { ...findRecipe('tf-squash-224-raw').recipe, filter: 'keras-nearest' },
  },
  'torch-bilinear-antialias': { library: 'torchvision', recipe: filtered('torch-bilinear-antialias') },
  'torch-bilinear-antialias-float': {
    library: 'torchvision',
    environment: { ATEN_CPU_CAPABILITY: 'default' },
    recipe: filtered('torch-bilinear-antialias-float'),
  },
  'torch-bicubic-antialias': { library: 'torchvision', recipe: filtered('torch-bicubic-antialias') },
};

async function best(work: () => unknown): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

function ownWork(recipe: Recipe | null, bytes: Uint8Array, image: RgbImage): () => unknown {
  return recipe === null ? () => decode(bytes, 'tensorflow-fast-dct') : () => prepare(image, recipe);
}

const all = imagesOf(folder);
const step = Math.max(1, Math.floor(all.length / Number(count)));
const files = all.filter((_, index) => index % step === 0).slice(0, Number(count));
const results: Contests = {};
for (const [name, { library, environment = {}, recipe }] of Object.entries(contests)) {
  const peer = new Peer(pythons[library], library, environment);
  let ownMs = 0;
  let peerMs = 0;
  let absent = false;
  for (const file of files) {
    const path = `${folder}/${file}`;
    const bytes = readFileSync(path);
    const image = await decode(bytes, 'pillow');
    const theirs = await peer.ask(name.split(',')[0]!, path);
    if (theirs === null) {
      absent = true;
      break;
    }
    const work = ownWork(recipe, bytes, image);
    if (ownMs === 0) for (let i = 0; i < warmUps; i++) await work();
    ownMs += await best(work);
    peerMs += theirs;
  }
  peer.close();
  results[name] = absent ? null : { ownMs: ownMs / files.length, peerMs: peerMs / files.length };
}
console.log(JSON.stringify(results));
