import { hash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decode } from 'reference-pixels/decode';
import { encodeCrop } from 'reference-pixels/encode';
import { planGeometry, type Geometry } from 'reference-pixels/geometry';
import { readHeader, type Header } from 'reference-pixels/header';
import { prepare } from 'reference-pixels/prepare';
import type { PixelBlock, Recipe, RgbImage } from 'reference-pixels/recipe';
import { describeTensor, writeTensor, type TensorSummary } from 'reference-pixels/tensor';

import type { Config } from '../../config/config.js';
import type { ClassIndex, ClassName, ImageId, Prediction, Sha256 } from '../../domain/domain.js';
import { batchShape, Network, tensorLength } from '../../engine/network.js';
import { ImageError } from '../../domain/errors.js';
import { refuseForeignFiles } from '../../store/own-folder.js';
import { withDataset } from '../run/open-dataset.js';
import { openNetworks, type OpenModel } from '../run/open-models.js';
import { arrayOf, type TensorData } from '../../runtime/network.js';
import { defaultSettings } from '../../runtime/session-settings.js';
import { slugs } from '../../report/slug.js';
import { findImage } from './find-image.js';
import { makeFolder } from '../../store/durable.js';

/** One image through every step of every recipe, and what each model says of it. */
export interface Explanation {
  readonly image: ImageId;
  readonly label: ClassName;
  readonly bytes: number;
  readonly sha256: Sha256;
  readonly header: Header;
  readonly recipes: readonly ExplainedRecipe[];
  readonly models: readonly ExplainedModel[];
  readonly classes: readonly ClassName[];
}

export interface ExplainedRecipe {
  readonly recipe: Recipe;
  readonly sha256: Sha256;
  readonly decoded: { readonly width: number; readonly height: number; readonly sha256: Sha256 };
  readonly geometry: Geometry;
  /** What is cropped, before channel order and normalisation. */
  readonly crop: {
    readonly width: number;
    readonly height: number;
    readonly type: 'uint8' | 'float32';
    /** Over the block's bytes: HWC, rows top to bottom. */
    readonly sha256: Sha256;
    /** Path of its PNG. */
    readonly file: string;
  };
  readonly pictures: StepPictures;
}

/** JPEG files of a recipe's steps: the decoded image, the whole of it resized, the crop. */
interface StepPictures {
  readonly decoded: Uint8Array;
  readonly resized: Uint8Array;
  readonly crop: Uint8Array;
}

export interface ExplainedModel {
  readonly name: string;
  /** Place in `recipes`. */
  readonly recipe: number;
  readonly tensor: TensorSummary & {
    readonly shape: readonly number[];
    readonly dtype: string;
    /** Over the tensor's bytes, little-endian. */
    readonly sha256: Sha256;
  };
  readonly prediction: Prediction;
}

/**
 * Takes one image through the config's recipes and models, one step at a time.
 * @param wanted the image's id, or the end of it
 * @param out folder for the crops as PNG
 */
export async function explain(config: Config, wanted: string, out: string): Promise<Explanation> {
  return withDataset({ config }, async (dataset) => {
    const image = findImage(dataset, wanted);
    const { id, label } = image;
    const bytes = await dataset.source.read(image);
    const models = await openNetworks(config.models, dataset.classes.length);
    const distinct = [...new Map(models.map((model) => [model.recipeSha256, model.recipe]))];
    const steps: { readonly explained: ExplainedRecipe; readonly block: PixelBlock }[] = [];
    const crops = distinct.map((_, place) => `${slugs([id])[0]!}.${place + 1}.png`);
    await refuseForeignFiles(out, ['explain.html', ...crops]);
    for (const [place, [sha256, recipe]] of distinct.entries()) {
      steps.push(await explainRecipe(bytes, recipe, sha256, join(out, crops[place]!), id));
    }
    const explained: ExplainedModel[] = [];
    for (const model of models) {
      const place = distinct.findIndex(([sha256]) => sha256 === model.recipeSha256);
      const { block } = steps[place]!;
      explained.push(await explainModel(model, place, block, label, config, dataset.classes.length));
    }
    return {
      image: id,
      label: dataset.classes[label]!,
      bytes: bytes.length,
      sha256: hash('sha256', bytes, 'hex'),
      header: readHeader(bytes),
      recipes: steps.map((step) => step.explained),
      models: explained,
      classes: dataset.classes,
    };
  });
}

async function explainRecipe(
  bytes: Uint8Array,
  recipe: Recipe,
  sha256: Sha256,
  file: string,
  image: ImageId,
): Promise<{ readonly explained: ExplainedRecipe; readonly block: PixelBlock }> {
  const pixels = await decodeNamed(bytes, recipe, image);
  const block = prepare(pixels, recipe);
  await makeFolder(dirname(file));
  await writeFile(file, await encodeCrop(block, 'png'));
  const explained: ExplainedRecipe = {
    recipe,
    sha256,
    decoded: { width: pixels.width, height: pixels.height, sha256: hash('sha256', pixels.data, 'hex') },
    geometry: planGeometry(pixels, recipe),
    crop: {
      width: block.width,
      height: block.height,
      type: block.data instanceof Uint8Array ? 'uint8' : 'float32',
      sha256: hash('sha256', block.data, 'hex'),
      file,
    },
    pictures: await stepPictures(pixels, block, recipe),
  };
  return { explained, block };
}

async function stepPictures(pixels: RgbImage, crop: PixelBlock, recipe: Recipe): Promise<StepPictures> {
  const resized = prepare(pixels, { ...recipe, crop: null });
  const [decodedFile, resizedFile, cropFile] = await Promise.all(
    [pixels, resized, crop].map((block) => encodeCrop(block, 'jpeg')),
  );
  return { decoded: decodedFile!, resized: resizedFile!, crop: cropFile! };
}

/** The decoder doesn't know the image's name: it is added to what it says. */
async function decodeNamed(bytes: Uint8Array, recipe: Recipe, image: ImageId): Promise<RgbImage> {
  try {
    return await decode(bytes, recipe.decode);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const { code, what, remedy } = error;
    throw new ImageError({ code, what, where: image, remedy, cause: error });
  }
}

async function explainModel(
  model: OpenModel,
  recipe: number,
  block: PixelBlock,
  label: ClassIndex,
  config: Config,
  classes: number,
): Promise<ExplainedModel> {
  const { facts, name, plan } = model;
  const { graphOptimization } = config.engine.session;
  const network = await Network.open(
    { name, plan, facts, recipe: model.recipe, classes },
    { ...defaultSettings, graphOptimization },
    1,
  );
  try {
    const length = tensorLength(facts);
    const input: TensorData = new arrayOf[facts.tensor.dtype](network.rows * length);
    for (let row = 0; row < network.rows; row++)
      writeTensor(block, model.recipe, facts.tensor, input, row * length);
    const own = input.subarray(0, length);
    const scores = await network.scores(input);
    return {
      name,
      recipe,
      tensor: {
        ...describeTensor(own),
        shape: batchShape(facts, 1),
        dtype: facts.tensor.dtype,
        sha256: hash('sha256', own, 'hex'),
      },
      prediction: network.rank(scores, 0, label, config.ties),
    };
  } finally {
    await network.release();
  }
}
