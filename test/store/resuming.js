/**
 * `node resuming.js FOLDER IMAGES [MODELS]`: leaves in FOLDER what an interrupted run of so many models (3) has, but for the images'
 * pixels, which a run that knows all predictions never decodes: `config.yaml`, its images and labels, `cache`, and `out`
 * with the journal of all.
 */
import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { mkdirSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../dist/config/config.js';
import { describeMachine } from '../../dist/jobs/run/machine.js';
import { engineSamples, openConfiguredDataset } from '../../dist/jobs/run/open-dataset.js';
import { openModel } from '../../dist/jobs/run/open-models.js';
import { runSettings } from '../../dist/jobs/run/run-plan.js';
import { journalHeader, keyedModels } from '../../dist/jobs/run/run-store.js';
import { openPredictionStore } from '../../dist/store/prediction-store.js';

const [, , folder, images, modelCount = '3'] = argv;
const CLASSES = 20;
const demo = (name) => fileURLToPath(new URL(`../../demo/${name}`, import.meta.url));
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const nameOf = (image) => `val_${String(image + 1).padStart(8, '0')}.JPEG`;
const labelOf = (image) => (image * 7) % CLASSES;

/** Files in a tar archive, each of which holds its own name. */
function archive(names) {
  const blocks = names.flatMap((name) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${name.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('ustar\x0000', 257);
    header.write('0', 156);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, Buffer.concat([Buffer.from(name), Buffer.alloc(512 - name.length)])];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const list = Array.from({ length: Number(images) }, (_, image) => nameOf(image));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/images.tar`, archive(list));
writeFileSync(`${folder}/val.txt`, list.map((name, image) => `${name} ${labelOf(image)}\n`).join(''));
const models = Array.from({ length: Number(modelCount) }, (_, model) => {
  const recipe = `{ decode: pillow, resize: { short_side: ${72 + model} }, filter: pillow-bicubic, crop: 64, scale: 1/255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], channel_order: rgb }`;
  return `  - { name: model ${model}, path: ${demo('demo_float.onnx')}, recipe: ${recipe}${model === 0 ? '' : ', compare_with: model 0'} }\n`;
});
writeFileSync(
  `${folder}/config.yaml`,
  `dataset: { images: images.tar, labels: val.txt, synsets: ${demo('synset_words.txt')} }\nmodels:\n${models.join('')}engine: { batch: 1 }\n`,
);

function prediction(image, model) {
  const scores = [9, 8, 7, 6, 5].map((score) => Math.fround(score + Math.sin(image * 31 + model)));
  const right = (image + model) % 10 > 1;
  const first = labelOf(image) + (right ? 0 : 1);
  const classes = scores.map((_, rank) => (first + rank) % CLASSES);
  return {
    classes,
    scores,
    labelAbove: right ? 0 : CLASSES - 1,
    labelTied: 0,
    tiedTop: 1,
    logSumExp: 9.5,
    invalid: false,
  };
}

const config = await loadConfig(`${folder}/config.yaml`);
const dataset = await openConfiguredDataset(config, null, 0);
const samples = engineSamples(dataset);
const opened = [];
for (const model of config.models) opened.push(await openModel(model, CLASSES, opened));
const plans = opened.map(() => ({ rows: 1, imagesPerCall: 1 }));
const keyed = keyedModels(opened, CLASSES, config.ties, plans, config.engine, await describeMachine());
const store = await openPredictionStore({
  folder: `${folder}/out`,
  header: journalHeader(samples, keyed, runSettings(config, dataset, false), null),
  fresh: true,
  cache: `${folder}/cache`,
  warn(text) {
    throw new Error(text);
  },
});
for (const [index, { id, label }] of samples.entries()) {
  const said = keyed.map(({ key }, model) => [key, prediction(index, model)]);
  store.put({ index, id, label, sha256: sha256(id) }, new Map(said));
  if (index % 500 === 0) await store.flush();
}
await store.close();
await dataset.close();
