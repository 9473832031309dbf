import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { decode } from 'reference-pixels/decode';
import { prepare } from 'reference-pixels/prepare';
import { writeTensor } from 'reference-pixels/tensor';

import { modelNamed, type Config, type ModelConfig } from '../../config/config.js';
import type { Sample } from '../../dataset/dataset.js';
import type { ClassIndex, ImageId, Sha256 } from '../../domain/domain.js';
import { ConfigError, EvalError, RunError, messageOf, type Fault } from '../../domain/errors.js';
import { halfOf } from '../../domain/half.js';
import { batchShape, tensorLength } from '../../engine/network.js';
import { readAhead } from '../../engine/read-ahead.js';
import { indexColumns, tensorsFiles, type TensorsNote } from '../../model/tensors-folder.js';
import { writeAtomically } from '../../report/atomic-file.js';
import { csv } from '../../report/csv.js';
import { arrayOf } from '../../runtime/network.js';
import { imageFault } from '../run/bad-input.js';
import { withDataset } from '../run/open-dataset.js';
import { networkConfigs, openModel, type OpenModel } from '../run/open-models.js';
import { TensorParts, type RowPlace } from './part-writer.js';

export interface TensorsOptions {
  readonly config: Config;
  /** Name of the network that the tensors are for; null where the config has one only. */
  readonly model: string | null;
  /** A new or empty folder, or one of earlier tensors, which are replaced. */
  readonly out: string;
  readonly limit: number | null;
  readonly limitSeed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface WrittenTensors {
  /** What tensors.json says. */
  readonly note: TensorsNote;
  readonly faults: readonly Fault[];
}

interface IndexedImage extends RowPlace {
  readonly id: ImageId;
  readonly label: ClassIndex;
  readonly sha256: Sha256;
}

/**
 * Writes what a network would get of every image as parts of `.npy`, with index.csv in the order of their rows.
 * @returns null where the signal stopped it: nothing is left then
 * @throws EvalError where it can't start, or the folder holds other things or can't be written
 */
export async function writeTensors(options: TensorsOptions): Promise<WrittenTensors | null> {
  const { config, out, signal } = options;
  const chosen = chosenNetwork(config, options.model);
  try {
    return await withDataset(options, async (dataset) => {
      const model = await openModel(chosen, dataset.classes.length);
      await emptyFolder(out);
      const maker = new TensorMaker(model, 1000 * config.engine.decodeTimeoutSeconds);
      const [, ...shape] = batchShape(model.facts, 1);
      const parts = new TensorParts(out, maker.dtype, shape);
      const index: IndexedImage[] = [];
      const faults: Fault[] = [];
      const badImages: TensorsNote['badImages'] = [];
      const made = (sample: Sample): Promise<Made> => maker.make(sample, (one) => dataset.source.read(one));
      for await (const { sample, ...result } of readAhead(
        dataset.samples,
        2 * availableParallelism(),
        made,
      )) {
        if (signal.aborted) break;
        const { id } = sample;
        if ('fault' in result) {
          faults.push(result.fault);
          badImages.push({ id, label: sample.label, code: result.fault.code, message: result.fault.what });
        } else {
          const place = await parts.add(result.tensor);
          index.push({ id, label: sample.label, sha256: result.sha256, ...place });
        }
        options.onProgress(index.length + faults.length, dataset.samples.length);
      }
      const written = await parts.finish();
      if (signal.aborted) {
        await removeTensors(out);
        return null;
      }
      const note: TensorsNote = {
        format: 'onnx-imagenet-eval/tensors',
        version: 1,
        model: { name: model.name, file: model.file, sha256: model.sha256 },
        recipe: model.recipe,
        recipeSha256: model.recipeSha256,
        facts: model.facts,
        dtype: maker.dtype,
        images: index.length,
        parts: [...written],
        badImages,
      };
      const lines = index.map((image) => indexColumns.map((column) => image[column]));
      await writeAtomically(join(out, tensorsFiles.index), csv(indexColumns, lines));
      await writeAtomically(join(out, tensorsFiles.note), [`${JSON.stringify(note, null, 2)}\n`]);
      return { note, faults };
    });
  } catch (cause) {
    if (cause instanceof EvalError) throw cause;
    throw new RunError({
      code: 'tensors-not-written',
      what: `not all tensors could be written: ${messageOf(cause)}`,
      where: out,
      remedy: 'Free some space, and give the same command again.',
      cause,
    });
  }
}

function chosenNetwork({ models, file }: Config, name: string | null): ModelConfig {
  const networks = networkConfigs(models);
  if (name !== null) return modelNamed(name, networks, file);
  const [only] = networks;
  if (only !== undefined && networks.length === 1) return only;
  throw new ConfigError({
    code: 'model-not-named',
    what: 'the config has several networks, and tensors are written for one',
    where: file,
    remedy: `Give --model with one of ${networks.map((model) => model.name).join(', ')}.`,
  });
}

type Made = { readonly sample: Sample } & (
  { readonly tensor: Uint8Array; readonly sha256: Sha256 } | { readonly fault: Fault }
);

/** Makes of an image the bytes that a network's input takes. */
class TensorMaker {
  readonly dtype: TensorsNote['dtype'];

  constructor(
    private readonly model: OpenModel,
    private readonly decodeTimeoutMs: number,
  ) {
    const { tensor, inputDtype } = model.facts;
    // NumPy has no bfloat16: such a network's tensors are the float32 that it is made from.
    this.dtype = inputDtype === 'float16' ? 'float16' : tensor.dtype;
  }

  async make(sample: Sample, read: (sample: Sample) => Promise<Uint8Array>): Promise<Made> {
    const { facts, recipe } = this.model;
    try {
      const bytes = await read(sample);
      const block = prepare(await decode(bytes, recipe.decode, this.decodeTimeoutMs), recipe);
      const values = new arrayOf[facts.tensor.dtype](tensorLength(facts));
      writeTensor(block, recipe, facts.tensor, values, 0);
      const stored = this.dtype === 'float16' ? Uint16Array.from(values, halfOf) : values;
      return { sample, tensor: new Uint8Array(stored.buffer), sha256: hash('sha256', bytes, 'hex') };
    } catch (error) {
      return { sample, fault: imageFault(error, sample.id) };
    }
  }
}

const partName = /^part-\d{5}\.npy$/;

/** @throws ConfigError where the folder holds other things than tensors */
async function emptyFolder(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  const names = await readdir(out);
  if (names.length > 0 && !existsSync(join(out, tensorsFiles.note)))
    throw new ConfigError({
      code: 'tensors-folder',
      what: 'the folder is not empty and holds no tensors',
      where: out,
      remedy: 'Give a new folder as --out.',
    });
  await removeTensors(out);
}

/** The note goes first: a folder without it is none of tensors. Scores that lie beside them stay. */
async function removeTensors(out: string): Promise<void> {
  const names = await readdir(out);
  for (const name of [tensorsFiles.note, tensorsFiles.index, ...names.filter((one) => partName.test(one))])
    await rm(join(out, name), { force: true });
}
