import type { LabelledImage } from '../domain/domain.js';
import type { Fault } from '../domain/errors.js';
import { validationNumber } from './image-name.js';
import { readLabelFile } from './label-file.js';
import { loadDatasetManifest, validationSet } from './manifest.js';
import { readSynsets, type Synsets } from './synsets.js';

/** Below this share of equal labels they are of another class order, not corrected ones. */
const otherOrder = 0.5;

/** How labels compare with the shipped ones: faults, and notes for people. */
export interface Agreement {
  readonly faults: readonly Fault[];
  readonly notes: readonly string[];
}

/**
 * Holds labels from elsewhere against the shipped ones, where the images bear the names of ILSVRC 2012's validation set and the
 * classes are ImageNet's in their usual order. Labels by the devkit's ids or counted from 1 come out here, before anything runs.
 */
export async function agreementWithShipped(
  samples: readonly LabelledImage[],
  synsets: Synsets,
  where: string,
): Promise<Agreement> {
  const named = samples.filter(({ id }) => validationNumber(id) !== null);
  if (named.length === 0) return { faults: [], notes: [] };
  const manifest = await loadDatasetManifest(validationSet);
  const usual = await readSynsets(manifest.synsetsPath);
  const sameClasses = usual.classes.every(({ wnid, index }) => synsets.indexOf(wnid) === index);
  if (!sameClasses || synsets.count !== usual.count) return { faults: [], notes: [] };
  const reference = await readLabelFile(manifest.labelsPath, {
    where: manifest.labelsPath,
    synsets: usual,
    ids: [],
    fullCount: manifest.images,
  });
  const known = named.flatMap(({ id, label }) => {
    const right = reference.label(id);
    return typeof right === 'number' ? [{ label, right }] : [];
  });
  const equal = known.filter(({ label, right }) => label === right).length;
  if (equal === known.length) return { faults: [], notes: [] };
  if (equal >= otherOrder * known.length) {
    return {
      faults: [],
      notes: [`${known.length - equal} of ${known.length} labels differ from ${validationSet}'s.`],
    };
  }
  const byOne = known.filter(({ label, right }) => label === right + 1).length;
  const reason =
    byOne > otherOrder * known.length
      ? 'they are all one too high, so they count classes from 1'
      : "they follow another class order, e.g. the devkit's own ids, or the order of a folder";
  return {
    faults: [
      {
        code: 'labels-disagree',
        what: `${known.length - equal} of ${known.length} labels differ from those of ${validationSet}: ${reason}`,
        where,
        remedy: `Use \`labels: ${validationSet}\`.`,
      },
    ],
    notes: [],
  };
}
