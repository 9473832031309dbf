/**
 * One quantized network held against its float network as `imagenet-eval diagnose` does, in a process of its own.
 *
 *     node one.js FLOAT INT8 IMAGES FIRST COUNT [BROKEN_TENSOR]
 *
 * Every quantizer is screened on FIRST images; the Top-1 with the broken one alone in float (the costliest, where none is named)
 * is told on COUNT images. Prints one line of JSON, a `Diagnosed`.
 */
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { loadConfigs, loadDiagnosis } from '../run/product.js';

export interface Diagnosed {
  readonly quantizers: number;
  /** Place of the broken quantizer among all, from 1; null where none is named. */
  readonly place: number | null;
  readonly tensor: string;
  readonly fault: string | null;
  readonly sentence: string;
  readonly cost: number;
  /** Cost of the costliest other one. */
  readonly next: number;
  /** Tensors of other quantizers that are accused. */
  readonly others: readonly string[];
  readonly findings: readonly string[];
  readonly top1: {
    readonly float: number;
    readonly before: number;
    readonly alone: number;
    readonly images: number;
  };
  /** Of the drop that is left, in points. */
  readonly interval: readonly [number, number];
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly maxRssBytes: number;
}

const [floatFile, int8File, images, first, count, broken = ''] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string?,
];
const product = await loadDiagnosis();
const { parseConfig } = await loadConfigs();
const recipe = basename(int8File).includes('badcal') ? 'scale-0-1' : 'timm-bicubic-256-224';
const config = parseConfig(
  [
    `dataset: { images: ${JSON.stringify(images)}, labels: filenames, subset: true }`,
    'models:',
    `  - { name: float, path: ${JSON.stringify(floatFile)}, recipe: timm-bicubic-256-224 }`,
    `  - { name: int8, path: ${JSON.stringify(int8File)}, recipe: ${recipe}, compare_with: float }`,
  ].join('\n'),
);
const dataset = await product.openConfiguredDataset(config, null, 0);
const all = product.engineSamples(dataset);
const samples = [...product.permutation(all.length, 0)].slice(0, Number(count)).map((at) => all[at]!);
const classes = dataset.classes.length;
const subject = await product.openSubject(config, product.modelsToDiagnose(config, 'int8')[0]!, classes);
const pool = await product.TaskPool.start(availableParallelism(), new AbortController().signal);
const batch = 4;
const made = product.networksOf(subject, batch, classes);
const block = new product.Images(pool, samples, made.inputs, 60_000, made.float.batch);
const { float, fused, int8, observed } = made.over(block.inputs);
const cut = new product.CutNetwork(subject, pool, int8([]));
const measurer = new product.Measurer(pool, block, classes, config.ties, cut, () => undefined);

const reference = await measurer.reference(float);
const undisturbed = { variant: int8([]), measured: measurer.fresh() };
const asRun = { variant: fused, measured: measurer.fresh() };
await measurer.show([undisturbed, asRun], samples.length);
const looked = await product.observe(subject, pool, block, observed, Number(first));
const places = [...subject.quantizers.keys()].filter(
  (place) => product.restorationOf(subject, place) !== null && subject.quantizers[place]!.kind !== 'bias',
);
const candidates = product.byPlace(places, (place) => ({
  variant: int8([place]),
  measured: measurer.fresh(),
  dropped: false,
}));
await measurer.show([...candidates.values()], Number(first));
const record = () =>
  product.recordModel(subject, measurer, {
    float: reference,
    fused: asRun.measured,
    undisturbed: undisturbed.measured,
    constants: product.compareConstants(subject),
    observedTensors: looked.observedTensors,
    observedImages: looked.images,
    quantizers: candidates,
    layers: new Map(),
    steps: [],
  });
const ranked = record().quantizers;
const isBroken = ({ int8: names }: (typeof ranked)[number]): boolean =>
  broken === ''
    ? names.output === ranked[0]!.int8.output
    : names.source === broken || names.output === broken;
const { output } = ranked.find(isBroken)!.int8;
const alone = candidates.get(subject.quantizers.findIndex((one) => product.outputOf(one) === output))!;
await measurer.show([alone], samples.length);
await pool.close();
await dataset.close();
const found = record();
const told = found.quantizers.find(isBroken)!;
const { user, system } = process.cpuUsage();
const result: Diagnosed = {
  quantizers: candidates.size,
  place: broken === '' ? null : ranked.findIndex(isBroken) + 1,
  tensor: told.tensor,
  fault: told.fault?.kind ?? null,
  sentence: told.fault?.sentence ?? told.sentence,
  cost: ranked.find(isBroken)!.cost ?? 0,
  next: ranked.find((one) => !isBroken(one))?.cost ?? 0,
  others: found.quantizers.filter((one) => one.fault !== null && !isBroken(one)).map(({ tensor }) => tensor),
  findings: found.findings.map(({ code }) => code),
  top1: {
    float: found.undisturbed.floatTop1,
    before: found.undisturbed.float.top1,
    alone: told.alone!.top1,
    images: told.alone!.images,
  },
  interval: told.alone!.interval,
  seconds: performance.now() / 1000,
  cpuSeconds: (user + system) / 1e6,
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(result));
