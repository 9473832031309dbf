/**
 * A run that goes on, as far as the store is concerned: `node resuming.js write|read FOLDER IMAGES`. Prints as JSON how
 * many predictions were known, and by how many bytes its memory grew.
 */
import { createHash } from 'node:crypto';
import { argv, memoryUsage, stdout } from 'node:process';
import { listDigest } from '../../dist/store/journal-header.js';
import { modelKey } from '../../dist/store/key.js';
import { openPredictionStore } from '../../dist/store/prediction-store.js';

const [, , step, folder, images] = argv;
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const list = Array.from({ length: Number(images) }, (_, index) => {
  const id = `ILSVRC2012_val_${String(index + 1).padStart(8, '0')}.JPEG`;
  return { index, id, label: (index * 7) % 1000, sha256: sha256(id) };
});
const models = Array.from({ length: 10 }, (_, model) => {
  const parts = { model: sha256(String(model)) };
  return { name: `model ${model}`, recipe: null, key: modelKey(parts), parts: { ...common(), ...parts } };
});

function common() {
  const texts = {
    recipe: 'r',
    runtime: 'r',
    session: 's',
    decoder: 'd',
    resampler: 'r',
    platform: 'p',
    arch: 'a',
  };
  return { ...texts, classOffset: 0, classes: 1000, ties: 'lowest-index', cpuFlags: [], batch: null };
}

function prediction(image, model) {
  const scores = [9, 8, 7, 6, 5].map((score) => Math.fround(score + Math.sin(image * 31 + model)));
  const classes = scores.map((_, rank) => (image + rank) % 1000);
  return { classes, scores, labelAbove: 0, labelTied: 0, tiedTop: 1, logSumExp: 9.5, invalid: false };
}

const before = memoryUsage.rss();
const store = await openPredictionStore({
  folder,
  header: {
    settings: {},
    models,
    list: { images: list.length, digest: listDigest(list) },
    shard: null,
  },
  fresh: step === 'write',
  cache: `${folder}/cache`,
  warn(text) {
    throw new Error(text);
  },
});
let known = 0;
for (const image of list) {
  const said = models.map(({ key }, model) => {
    const found = store.get(key, image.sha256, image.label);
    if (found !== undefined) known++;
    return [key, found ?? prediction(image.index, model)];
  });
  store.put(image, new Map(said));
  if (image.index % 500 === 0) await store.flush();
}
const grown = memoryUsage.rss() - before;
await store.close();
stdout.write(JSON.stringify({ known, grown }));
