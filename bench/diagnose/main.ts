import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { loadConfig } from '../../src/config/config.js';
import { permutation } from '../../src/metrics/permutation.js';
import { tangoInterval } from '../../src/metrics/paired-interval.js';
import { Crew } from '../../src/jobs/diagnose/crew/crew.js';
import { compareConstants } from '../../src/jobs/diagnose/evidence.js';
import { Images } from '../../src/jobs/diagnose/images.js';
import { Measurer } from '../../src/jobs/diagnose/measurer.js';
import { networksOf } from '../../src/jobs/diagnose/networks.js';
import { observe } from '../../src/jobs/diagnose/observe/observe.js';
import { recordModel } from '../../src/jobs/diagnose/record.js';
import { byPlace, screen } from '../../src/jobs/diagnose/screening.js';
import { openSubject, restorationOf } from '../../src/jobs/diagnose/subject.js';
import { engineSamples, openConfiguredDataset } from '../../src/jobs/run/open-dataset.js';

const USAGE = `Diagnoses networks that were broken on purpose, and tells how often the broken quantizer comes first.

  main.js CONFIG --broken DIR [--first 8] [--images 100] [--workers 2] [FILE...]

CONFIG names the float network and one quantized network; DIR holds broken.json and the files of tools/break_qdq.py. Of each file:
the place of the broken quantizer among all, its fault, and the Top-1 with it alone in float against the float network's.`;

interface Broken {
  readonly file: string;
  readonly kind: string;
  readonly tensor: string;
  readonly top1_of_100: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    broken: { type: 'string' },
    first: { type: 'string', default: '8' },
    images: { type: 'string', default: '100' },
    workers: { type: 'string', default: '2' },
  },
});
const [configFile, ...files] = positionals;
if (configFile === undefined || values.broken === undefined) {
  console.error(USAGE);
  process.exit(2);
}
const list = JSON.parse(readFileSync(join(values.broken, 'broken.json'), 'utf8')) as readonly Broken[];
const config = await loadConfig(configFile);
const reference = config.models.find(({ compareWith }) => compareWith !== null)!;
const dataset = await openConfiguredDataset(config, null, 0);
const all = engineSamples(dataset);
const samples = [...permutation(all.length, 0)].slice(0, Number(values.images)).map((at) => all[at]!);
const classes = dataset.classes.length;
let [firsts, named, back, tried] = [0, 0, 0, 0];

for (const broken of list) {
  if (files.length > 0 && !files.includes(broken.file)) continue;
  const started = performance.now();
  const path = join(values.broken, broken.file);
  const model = { ...reference, name: basename(path, '.onnx'), source: { kind: 'path', path } as const };
  const subject = await openSubject({ ...config, models: [...config.models, model] }, model, classes);
  const crew = await Crew.start(
    Number(values.workers),
    new AbortController().signal,
    new URL('../../src/jobs/diagnose/crew/worker.js', import.meta.url),
  );
  const networks = networksOf(subject, 4, classes);
  const images = new Images(crew, samples, networks.inputs, 60_000, 4);
  const measurer = new Measurer(crew, images, classes, config.ties, null, () => undefined);
  const { float, fused, int8, observed } = networks.over(images.inputs);
  const floatMeasured = await measurer.reference(float);
  const undisturbed = { variant: int8([]), measured: measurer.fresh() };
  const asRun = { variant: fused, measured: measurer.fresh() };
  await measurer.show([undisturbed, asRun], images.count);
  const looked = await observe(subject, crew, images, observed, Number(values.first));
  const candidates = byPlace(
    [...subject.quantizers.keys()].filter(
      (place) => restorationOf(subject, place) !== null && subject.quantizers[place]!.kind !== 'bias',
    ),
    (place) => ({ variant: int8([place]), measured: measurer.fresh(), dropped: false }),
  );
  await screen(measurer, [...candidates.values()], {
    undisturbed: undisturbed.measured,
    first: Number(values.first),
    images: Number(values.first),
    keep: 8,
    onLook: () => undefined,
  });
  const record = (): ReturnType<typeof recordModel> =>
    recordModel(subject, measurer, {
      float: floatMeasured,
      fused: asRun.measured,
      undisturbed: undisturbed.measured,
      constants: compareConstants(subject),
      sightings: looked.sightings,
      observedImages: looked.images,
      quantizers: candidates,
      layers: new Map(),
      steps: [],
    });
  const { quantizers } = record();
  const isIt = ({ int8: names }: (typeof quantizers)[number]): boolean =>
    names.source === broken.tensor || names.output === broken.tensor;
  const rank = quantizers.findIndex(isIt) + 1;
  const found = quantizers.find(isIt);
  const place = subject.quantizers.findIndex((_, at) => {
    const q = subject.quantizers[at]!;
    return (
      q.source === broken.tensor ||
      (q.kind === 'activation' ? q.dequantize[0] : q.dequantize)?.outputs[0] === broken.tensor
    );
  });
  const alone = candidates.get(place)!;
  await measurer.show([alone], images.count);
  await crew.close();
  const top1 = (measured: typeof floatMeasured): number => measurer.table(measured, measured).bothCorrect;
  const table = measurer.table(floatMeasured, alone.measured);
  const { lower, upper } = tangoInterval(table);
  const others = quantizers.filter((one) => one.fault !== null && !isIt(one)).map(({ tensor }) => tensor);
  tried++;
  if (rank === 1) firsts++;
  const expected = { clips: 'clips', coarse: 'coarse', weights: 'few-levels' }[broken.kind];
  if (found?.fault?.kind === expected) named++;
  if (lower <= 0 && upper >= 0) back++;
  console.log(
    JSON.stringify({
      file: broken.file,
      top1: { float: top1(floatMeasured), broken: top1(undisturbed.measured), alone: top1(alone.measured) },
      dropInterval: [100 * lower, 100 * upper].map((x) => Number(x.toFixed(1))),
      rank,
      cost: Number((found?.cost ?? 0).toFixed(3)),
      next: Number((quantizers[rank === 1 ? 1 : 0]?.cost ?? 0).toFixed(3)),
      fault: found?.fault?.kind ?? null,
      others,
      sentence: found?.fault?.sentence,
      seconds: Math.round((performance.now() - started) / 1000),
    }),
  );
}
console.log(
  `${tried} networks: the broken quantizer first ${firsts}, its fault named ${named}, Top-1 back within the interval ${back}`,
);
await dataset.close();
