import { readFileSync } from 'node:fs';
import { unpackLabels } from '../../src/dataset/format-compact.js';

const folder = 'data-manifests';

/** Class index and WNID of the 1000 classes, as shipped. */
function shippedClasses(): ReadonlyMap<string, number> {
  const lines = readFileSync(`${folder}/ilsvrc2012-val.synsets.txt`, 'utf8').split('\n');
  return new Map(lines.filter((line) => line !== '').map((line, index) => [line.split(' ')[0]!, index]));
}

/**
 * Which of the images, named WNID_*.JPEG, stands for each entry of the real archive: one of the entry's own class
 * where there is any, in turn, else the next of all. `labels`: class index by entry.
 */
export function layOut(images: readonly string[], labels: readonly number[], count: number): number[] {
  const classes = shippedClasses();
  const ofClass = new Map<number, number[]>();
  images.forEach((name, image) => {
    const index = classes.get(name.split('_')[0]!);
    if (index !== undefined) ofClass.set(index, [...(ofClass.get(index) ?? []), image]);
  });
  const turns = new Map<number, number>();
  let stranger = 0;
  return Array.from({ length: count }, (_, entry) => {
    const label = labels[entry % labels.length]!;
    const own = ofClass.get(label);
    if (own === undefined) return stranger++ % images.length;
    const turn = turns.get(label) ?? 0;
    turns.set(label, turn + 1);
    return own[turn % own.length]!;
  });
}

/** Class indices of the 50 000 validation images, as shipped. */
export function validationLabels(): number[] {
  const file = `${folder}/ilsvrc2012-val.labels`;
  return unpackLabels(readFileSync(file, 'utf8'), file).map(([, label]) => label);
}
