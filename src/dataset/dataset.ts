import type { ClassName, LabelledImage } from '../domain/domain.js';
import { count, counted } from '../domain/count.js';
import { DatasetError, type Fault } from '../domain/errors.js';
import { countFault, missingNames, perClassFault } from './completeness.js';
import { chooseImages } from './image-list.js';
import { FaultList } from './fault-list.js';
import { stem } from './image-name.js';
import type { ImageEntry, ImageSource } from './image-source.js';
import { agreementWithShipped } from './label-agreement.js';
import { readLabels } from './labels.js';
import type { Labelling } from './labelling.js';
import { validationSet, type DatasetManifest } from './manifest.js';
import { openSource } from './source.js';
import { stratifiedSample } from './stratified-sample.js';

/** Images and labels to open, as a config names them. */
export interface DatasetOptions {
  /** Path of a tar archive or a folder. */
  readonly images: string;
  /** `folders`, `filenames`, the name of a shipped data-set manifest, or the path of a manifest or a label file. */
  readonly labels: string;
  /** Path of another class list. */
  readonly synsets?: string | undefined;
  /** Take so many images, drawn by class. */
  readonly limit?: number | undefined;
  /** Seed of that draw, 0 if not given. */
  readonly limitSeed?: number | undefined;
  /** The images are knowingly fewer than the manifest states. */
  readonly subset?: boolean | undefined;
  /** Path of a list of image names or numbers, the only ones to take. */
  readonly only?: string | undefined;
  /** Path of a list of image names or numbers to leave out. */
  readonly exclude?: string | undefined;
}

/** An image that can be read, with its label. */
export interface Sample extends ImageEntry, LabelledImage {}

/** Images with their labels, ready to be read. */
export interface Dataset {
  readonly source: ImageSource;
  /** What is to be measured, by id in code-unit order. */
  readonly samples: readonly Sample[];
  readonly classes: readonly ClassName[];
  readonly manifest: DatasetManifest | null;
  readonly labelling: Labelling;
  /** For reports, e.g. `ilsvrc2012-val (shipped)`. */
  readonly labelsDescription: string;
  /** Why the samples are fewer than the whole set; null for the whole set. */
  readonly subset: string | null;
  /** Images of the whole set, as far as somebody says: the manifest, or these where they are not called a subset. */
  readonly population: number | null;
  /** Images that are here and not among the samples for a reason of their own: by a list, or for want of a sound label. */
  readonly leftOut: number;
  /** The samples are a draw of as many of every class as can be. */
  readonly drawnByClass: boolean;
  /** With any of these the figure doesn't stand for the whole set as asked for: the run must not end with success. */
  readonly faults: readonly Fault[];
  /** For people; harmless. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the images, finds each one's label by its name, and draws the samples. Throws DatasetError or ConfigError where nothing
 * can be measured at all; single images that have to be left out are told in `faults`.
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  checkLimit(options.limit);
  const opened = await openSource(options.images);
  const { source } = opened;
  try {
    const ids = source.entries.map((entry) => entry.id);
    const { labelling, synsets, manifest } = await readLabels({
      spec: options.labels,
      synsetsPath: options.synsets ?? null,
      where: options.images,
      ids,
    });
    const faults = new FaultList();
    for (const fault of [...opened.faults, ...labelling.faults]) faults.add(fault);
    const labelled = labelAll(source.entries, labelling, options.images, faults);
    if (labelled.length === 0) throw nothingLabelled(options.images, labelling, faults.list());

    const missing = missingNames(labelling, ids);
    const wholeWanted = options.limit === undefined && options.subset !== true;
    if (manifest !== null) {
      const fault = countFault(manifest, ids, missing, options.images);
      if (fault !== null && (wholeWanted || fault.code === 'more-images-than-manifest')) faults.add(fault);
      const labels = labelled.map(({ label }) => label);
      const uneven =
        labels.length === manifest.images ? perClassFault(manifest, labels, options.images) : null;
      if (uneven !== null) faults.add(uneven);
    }
    const agreement =
      options.labels === validationSet
        ? { faults: [], notes: [] }
        : await agreementWithShipped(labelled, synsets, labelling.description);
    for (const fault of agreement.faults) faults.add(fault);
    const { only = null, exclude = null } = options;
    const chosen = await chooseImages({ only, exclude }, labelled);
    const seed = options.limitSeed ?? 0;
    const samples = stratifiedSample(chosen.rest, options.limit ?? Infinity, seed);
    const notes = [...source.notes, ...labelling.notes, ...agreement.notes, ...chosen.notes];
    if (manifest === null && options.subset !== true)
      notes.push(
        `No manifest states how many images the whole set has: these ${ids.length} are taken for all of it. If they are a part, say \`dataset.subset: true\`.`,
      );
    // As many as the manifest states beyond the images here are told as a fault, or by the subset.
    if (missing.length > Math.max(0, (manifest?.images ?? 0) - ids.length))
      notes.push(
        `${counted(missing.length, 'label')} ${missing.length === 1 ? 'is for an image that is' : 'are for images that are'} not here.`,
      );
    return {
      source,
      samples,
      classes: synsets.classes,
      manifest,
      labelling,
      labelsDescription: labelling.description,
      population: manifest?.images ?? (options.subset === true ? null : ids.length),
      leftOut: ids.length - chosen.rest.length,
      drawnByClass: samples.length < chosen.rest.length,
      subset: describeSubset({
        subset: options.subset === true,
        samples: samples.length,
        drawnFrom: chosen.rest.length,
        lists: chosen.parts,
        present: ids.length,
        labelled: labelled.length,
        manifest,
        seed,
      }),
      faults: faults.list(),
      notes,
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

function checkLimit(limit: number | undefined): void {
  if (limit === undefined || (Number.isInteger(limit) && limit > 0)) return;
  throw new DatasetError({
    code: 'invalid-limit',
    what: `the limit is ${limit}, but expected a whole number of images from 1`,
    where: null,
    remedy: null,
  });
}

/** Labels every image that has one; the others are counted in a fault of each kind, with the first few names. */
function labelAll(
  entries: readonly ImageEntry[],
  labelling: Labelling,
  where: string,
  faults: FaultList,
): Sample[] {
  const samples: Sample[] = [];
  const left = new Map<string, { count: number; first: string[] }>();
  const leave = (code: string, text: string): void => {
    const group = left.get(code) ?? { count: 0, first: [] };
    group.count++;
    if (group.first.length < 3) group.first.push(text);
    left.set(code, group);
  };
  // A file that labels by base name can't tell two images of one name apart.
  const listed = labelling.listed === null ? null : new Set(labelling.listed);
  const claimed = new Map<string, string>();
  for (const entry of entries) {
    const found = labelling.label(entry.id);
    const twin = listed === null || listed.has(entry.id) ? undefined : claimed.get(stem(entry.id));
    if (typeof found !== 'number') {
      leave(found.code, `${entry.id} ${found.what}`);
    } else if (twin !== undefined) {
      leave('duplicate-name', `${entry.id} has the name of ${twin}, so one label is claimed twice`);
    } else {
      claimed.set(stem(entry.id), entry.id);
      samples.push({ ...entry, label: found });
    }
  }
  for (const [code, { count, first }] of left) {
    const more = count > first.length ? `; and ${count - first.length} more` : '';
    const what = `${count} ${count === 1 ? 'image is' : 'images are'} left out: ${first.join('; ')}${more}`;
    faults.add({
      code,
      what,
      where,
      remedy: 'Label them, take them out of the set, or check `dataset.labels`.',
    });
  }
  return samples;
}

function nothingLabelled(where: string, labelling: Labelling, faults: readonly Fault[]): DatasetError {
  return new DatasetError({
    code: 'nothing-labelled',
    what: `none of the images has a label by ${labelling.description}: ${faults.at(-1)?.what ?? ''}`,
    where,
    remedy:
      'Check `dataset.labels`: `ilsvrc2012-val` for ILSVRC2012_val_00000001.JPEG, `folders` for class folders, `filenames` for WNID_name.JPEG, or a label file.',
  });
}

interface SubsetFacts {
  readonly subset: boolean;
  readonly samples: number;
  readonly drawnFrom: number;
  /** What lists of images to take and to leave out did. */
  readonly lists: readonly string[];
  readonly present: number;
  readonly labelled: number;
  readonly manifest: DatasetManifest | null;
  readonly seed: number;
}

function describeSubset(facts: SubsetFacts): string | null {
  const { subset, samples, drawnFrom, lists, present, labelled, manifest, seed } = facts;
  const parts: string[] = [];
  if (samples < drawnFrom) parts.push(`drawn by class from ${count(drawnFrom)} with seed ${seed}`);
  parts.push(...lists);
  if (labelled < present) parts.push(`${count(present - labelled)} left out for want of a sound label`);
  const notGiven = manifest === null ? 0 : Math.max(0, manifest.images - present);
  const unknown = manifest === null && subset;
  if (parts.length === 0 && notGiven === 0 && !unknown) return null;
  // Alone, it is what the two numbers say.
  if (parts.length > 0 && notGiven > 0) parts.push(`${count(notGiven)} not given`);
  return [partOfWhole(facts), ...(parts.length === 0 ? [] : [parts.join(', ')])].join(': ');
}

/** `650 of the 50,000 images of ilsvrc2012-val`; where no manifest is known, of the images here. */
function partOfWhole({ subset, samples, present, manifest }: SubsetFacts): string {
  if (manifest !== null)
    return `${count(samples)} of the ${counted(manifest.images, 'image')} of ${manifest.name}`;
  const some =
    samples < present ? `${count(samples)} of ${counted(present, 'image')}` : counted(samples, 'image');
  return subset ? `${some} of a set whose size no manifest states (dataset.subset)` : some;
}
