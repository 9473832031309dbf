// Makes ilsvrc2012-val.labels from a val.txt (`name index` a line, 50 000 lines). The form is described in
// src/dataset/compact-labels.ts. Usage: node data-manifests/ilsvrc2012-val.pack.js VAL_TXT > data-manifests/ilsvrc2012-val.labels
import { readFileSync } from 'node:fs';

const labels = new Map(
  readFileSync(process.argv[2], 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/)),
);
const lines = [`compact-labels 1 ILSVRC2012_val_%08d.JPEG ${labels.size}`];
for (let row = 0; row < labels.size / 50; row++) {
  const cells = Array.from({ length: Math.min(50, labels.size - row * 50) }, (_, column) => {
    const name = `ILSVRC2012_val_${String(row * 50 + column + 1).padStart(8, '0')}.JPEG`;
    const label = Number(labels.get(name));
    if (!(label >= 0 && label < 1000)) throw new Error(`no label for ${name}`);
    return label.toString(36).padStart(2, '0');
  });
  lines.push(cells.join(''));
}
console.log(lines.join('\n'));
