import { createHash } from 'node:crypto';
import type { Prediction } from '../../src/domain/domain.js';
import { rankRow } from '../../src/metrics/top-k.js';
import { sequenceOf } from './sequence.js';
import type { JournalImage } from '../../src/store/journal-entry.js';
import { listDigest, type JournalHeader } from '../../src/store/journal-header.js';
import { modelKey, type KeyedModel, type ModelKeyParts } from '../../src/store/key.js';

export const parts: ModelKeyParts = {
  model: 'a'.repeat(64),
  recipe: 'b'.repeat(64),
  classOffset: 0,
  classes: 1000,
  ties: 'lowest-index',
  runtime: 'onnxruntime 1.30.0',
  session: 'cpu',
  decoder: 'sharp 0.35.5',
  resampler: '1',
  platform: 'linux',
  arch: 'x64',
  cpuFlags: ['avx2', 'fma'],
  batch: null,
};

export function keyed(name: string, change: Partial<ModelKeyParts> = {}): KeyedModel {
  const own = { ...parts, model: sha256(name), ...change };
  return { name, recipe: 'timm-bicubic-256-224', key: modelKey(own), parts: own };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Image `index` of a list whose labels go round 1000 classes. */
export function image(index: number): JournalImage {
  const id = `ILSVRC2012_val_${String(index + 1).padStart(8, '0')}.JPEG`;
  return { index, id, label: (index * 7) % 1000, sha256: sha256(id) };
}

export function images(count: number): JournalImage[] {
  return Array.from({ length: count }, (_, index) => image(index));
}

/** What a network with a gift for guessing says: the label leads in four of five, a few other classes follow. */
export function prediction(of: JournalImage, model = ''): Prediction {
  const random = sequenceOf(`${model}${of.id}`);
  const row = new Float32Array(1000);
  for (let more = 0; more < 40; more++) row[Math.floor(random() * 1000)] = random() * 12;
  row[of.label] = random() < 0.8 ? 12 + random() * 6 : random() * 12;
  return rankRow(row, 0, 1000, 0, of.label);
}

export function headerOf(list: readonly JournalImage[], models: readonly KeyedModel[]): JournalHeader {
  return {
    settings: { dataset: 'val', ties: 'lowest-index' },
    models,
    list: { images: list.length, digest: listDigest(list) },
    shard: null,
  };
}
