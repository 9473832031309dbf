import { createHash } from 'node:crypto';
import type { Recipe } from 'reference-pixels/recipe';
import type { ClassName, HashedImage, Prediction } from '../../src/domain/domain.js';
import type { ModelRecord, RunRecord } from '../../src/record/run-record.js';

/** mulberry32: the same numbers for the same seed on every machine. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

const adjectives =
  'amber,ashen,banded,black,blue,bronze,common,crested,dwarf,eastern,giant,golden,great,green,grey,hooded,horned,indigo,ivory,lesser,marbled,masked,mottled,northern,painted,pale,red,ringed,royal,ruddy,sable,scarlet,silver,southern,spotted,striped,tawny,velvet,western,white'.split(
    ',',
  );
const nouns =
  'badger,beetle,bell tower,bittern,brush,cabinet,canoe,clock,crane,drum,falcon,finch,flute,fox,hare,heron,kettle,lantern,lizard,lynx,moth,newt,orchid,otter,owl,pike,plover,quilt,raven,sandpiper,shrew,snail,spaniel,teapot,terrier,thrush,tortoise,vase,wagon,wren'.split(
    ',',
  );

export function classNames(count: number): ClassName[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    wnid: `n${String(1440764 + index * 7919).padStart(8, '0')}`,
    name: `${adjectives[index % adjectives.length]!} ${nouns[(index + Math.floor(index / nouns.length)) % nouns.length]!}`,
  }));
}

export const recipe: Recipe = {
  name: 'timm-bicubic-256-224',
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

interface Wish {
  readonly name: string;
  readonly accuracy: number;
  /** Step of the output grid; null for float logits. */
  readonly step: number | null;
  readonly scheme: string;
  readonly compareWith: string | null;
  readonly documentedTop1: number | null;
}

export interface SyntheticOptions {
  readonly images?: number;
  readonly classes?: number;
  readonly seed?: number;
  readonly models?: readonly Wish[];
  readonly subset?: string | null;
}

export const pair: readonly Wish[] = [
  {
    name: 'hardnet39ds float',
    accuracy: 0.744,
    step: null,
    scheme: 'float32',
    compareWith: null,
    documentedTop1: 74.38,
  },
  {
    name: 'hardnet39ds int8',
    accuracy: 0.736,
    step: 0.0625,
    scheme: 'QDQ int8 per-channel (activations uint8)',
    compareWith: 'hardnet39ds float',
    documentedTop1: 73.61,
  },
];

/** A finished run with the statistics of real ones: hard and easy classes, related classes confused, models that agree mostly. */
export function syntheticRun(options: SyntheticOptions = {}): RunRecord {
  const { images = 2000, classes = 100, seed = 7, models = pair, subset = null } = options;
  const random = numbers(seed);
  const names = classNames(classes);
  const ease = names.map(() => 0.9 * (random() - 0.55));
  const samples: HashedImage[] = Array.from({ length: images }, (_, index) => {
    const id = `ILSVRC2012_val_${String(index + 1).padStart(8, '0')}.JPEG`;
    return { id, label: Math.floor(random() * classes), sha256: sha(id) };
  });
  // One hardness an image, shared by all models: that is what makes them agree.
  const hardness = samples.map(({ label }) => gauss(random) + 2.2 * ease[label]!);
  const measured = models.map((wish) =>
    model(wish, samples, hardness, classes, random, subset === null ? images : 50000),
  );
  return {
    tool: { name: 'onnx-imagenet-eval', version: '0.1.0' },
    run: {
      title: 'HarDNet-39DS on ImageNet',
      command: 'imagenet-eval run configs/hardnet39ds.yaml --out reports/hardnet39ds --workers 2 --batch 8',
      config: { file: 'hardnet39ds.yaml', sha256: sha('config') },
      startedAt: '2026-11-24T05:30:00.000Z',
      seconds: images / 128,
      workers: 2,
      batch: 8,
      ties: 'lowest-index',
      peakMemoryBytes: 412 * 2 ** 20,
      throughput: Array.from({ length: 60 }, (_, index) => ({
        seconds: ((index + 1) * images) / 128 / 60,
        images: Math.max(0, Math.round(((index + 1) * images) / 60 - (index < 59 ? 8 * random() : 0))),
      })),
      warnings: [],
      fatal: [],
    },
    machine: {
      host: 'builder',
      os: 'Linux 6.1.0 x64',
      cpu: 'AMD EPYC 7B13',
      cpuFlags: ['avx2', 'fma', 'sse4_1'],
      exactProducts: false,
      cores: 2,
      memoryBytes: 24 * 2 ** 30,
      versions: {
        node: '20.20.2',
        onnxruntime: '1.30.0',
        sharp: '0.35.5',
        libvips: '8.18.0',
        mozjpeg: '0.0.2',
      },
    },
    dataset: {
      description: 'ILSVRC2012_img_val.tar (tar, flat)',
      layout: 'tar',
      labels: 'ilsvrc2012-val (shipped)',
      manifest: 'ilsvrc2012-val',
      manifestImages: subset === null ? images : 50000,
      population: subset === null ? images : 50000,
      leftOut: 0,
      drawnByClass: false,
      subset,
      digest: sha('digest'),
      classes: names,
      badImages: [],
    },
    samples,
    realLabels: null,
    models: measured,
  };
}

function model(
  wish: Wish,
  samples: readonly HashedImage[],
  hardness: readonly number[],
  classes: number,
  random: () => number,
  documentedImages: number,
): ModelRecord {
  const noise = wish.step === null ? 0.1 : 0.3;
  const edge = quantile(hardness, wish.accuracy);
  return {
    name: wish.name,
    file: `${wish.name.replace(/\W+/g, '_')}.onnx`,
    sha256: sha(wish.name),
    bytes: wish.step === null ? 13974943 : 3805942,
    manifest: null,
    facts: {
      inputName: 'input',
      outputName: 'logits',
      tensor: { layout: 'NCHW', dtype: 'float32', width: 224, height: 224, quantization: null },
      fixedBatch: null,
      batchDimension: 'batch',
      outputClasses: classes,
      classOffset: 0,
      inputDtype: 'float32',
      outputDtype: 'float32',
      inputQuantization: null,
      outputQuantization: null,
      scheme: wish.scheme,
      parameters: 3488228,
      opset: 17,
      producer: 'pytorch 2.7.1',
    },
    scores: null,
    runtime: {
      name: 'onnxruntime',
      version: '1.30.0',
      provider: 'cpu',
      device: null,
      driver: null,
      threads: 1,
      adapter: null,
    },
    recipe,
    recipeSha256: sha('recipe'),
    documented:
      wish.documentedTop1 === null
        ? null
        : {
            top1: wish.documentedTop1,
            top5: null,
            top1Decimals: null,
            top5Decimals: null,
            images: documentedImages,
            dataset: 'ilsvrc2012-val',
            source: 'STMicroelectronics/stm32ai-modelzoo, image_classification/hardnet_pt',
            sha256: sha(wish.name),
          },
    tolerance: 0.5,
    compareWith: wish.compareWith,
    batchInvariant: true,
    predictions: samples.map(({ label }, index) =>
      prediction(label, edge - hardness[index]! + noise * gauss(random), classes, wish.step, random, index),
    ),
    reused: 0,
    inferenceSeconds: samples.length / 160,
    firstTensor: {
      image: samples[0]?.id ?? '',
      shape: [8, 3, 224, 224],
      dtype: 'float32',
      min: -2.118,
      mean: -0.031,
      max: 2.64,
    },
  };
}

/** `advantage` > 0: the label wins, by about that much; the rivals are classes beside it, the same for every model. */
function prediction(
  label: number,
  advantage: number,
  classes: number,
  step: number | null,
  random: () => number,
  image: number,
): Prediction {
  const own = numbers(image * 31 + label);
  const rivals: number[] = [];
  while (rivals.length < Math.min(5, classes - 1)) {
    const far = Math.ceil(own() ** 2 * 6) * (own() < 0.5 ? -1 : 1);
    const rival = (((label + far) % classes) + classes) % classes;
    const other = own() < 0.75 ? rival : Math.floor(own() * classes);
    if (other !== label && !rivals.includes(other)) rivals.push(other);
  }
  const grid = (value: number): number =>
    Math.fround(step === null ? value : Math.round(value / step) * step);
  const base = 9 + 3 * own() + 0.05 * gauss(random);
  const ranked = rivals.map((rival, place) => ({ class: rival, score: grid(base - place * (0.3 + own())) }));
  const mine = grid(base + 2.2 * advantage);
  ranked.push({ class: label, score: mine });
  ranked.sort((a, b) => b.score - a.score || a.class - b.class);
  const best = ranked.slice(0, 5);
  const top = best[0]!.score;
  const rest = (classes - ranked.length) * Math.exp(base - 8);
  const sum = ranked.reduce((total, entry) => total + Math.exp(entry.score - top), 0) + rest * Math.exp(-top);
  return {
    classes: best.map((entry) => entry.class),
    scores: best.map((entry) => entry.score),
    labelAbove: ranked.filter((entry) => entry.score > mine).length,
    labelTied: ranked.filter((entry) => entry.score === mine).length - 1,
    tiedTop: ranked.filter((entry) => entry.score === top).length,
    logSumExp: top + Math.log(sum),
    invalid: false,
  };
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
