import type { Recipe, TensorSpec } from 'reference-pixels/recipe';
import { describeTensor, writeTensor } from 'reference-pixels/tensor';
import type { Prediction, ScoreArray, TieRule } from '../domain/domain.js';
import { arrayOf, type TensorData } from '../runtime/network.js';
import type { ImageResult, FirstTensor, WorkerModel } from './messages.js';
import { batchShape, Network, tensorLength } from './network.js';
import { plainFault, type PreparedImage } from './preparation.js';

/** Input of the models that share recipe and tensor: filled once for all of them. */
interface InputBuffer {
  readonly data: TensorData;
  holds: readonly PreparedImage[];
}

export interface BatchOutcome {
  readonly results: readonly ImageResult[];
  /** Seconds by model. */
  readonly inference: readonly number[];
}

/** Runs prepared images through every model that wants them. */
export class BatchRunner {
  private readonly buffers = new Map<string, InputBuffer>();

  constructor(
    private readonly networks: readonly Network[],
    private readonly models: readonly WorkerModel[],
    /** Index of each model's recipe. */
    private readonly recipeOf: readonly number[],
    private readonly recipes: readonly Recipe[],
    private readonly ties: TieRule,
    /** Told which image and model come next, for the host to read after a death. */
    private readonly at: (image: number, model: number) => void,
  ) {}

  async run(images: readonly PreparedImage[]): Promise<BatchOutcome> {
    const predictions = new Map<number, [number, Prediction][]>(images.map(({ image }) => [image.index, []]));
    const bad: ImageResult[] = [];
    const inference = new Array<number>(this.networks.length).fill(0);
    for (const [model, network] of this.networks.entries()) {
      const wanted = images.filter(({ image }) => image.models.includes(model));
      for (let from = 0; from < wanted.length; from += network.rows) {
        const chunk = wanted.slice(from, from + network.rows);
        const start = performance.now();
        for (const outcome of await this.scoreChunk(model, chunk)) {
          if (outcome.kind === 'bad') bad.push(outcome);
          else predictions.get(outcome.index)!.push([model, outcome.prediction]);
        }
        inference[model]! += (performance.now() - start) / 1000;
      }
    }
    const failed = new Set(bad.map((result) => result.index));
    const good = [...predictions]
      .filter(([index]) => !failed.has(index))
      .map(([index, list]): ImageResult => ({ kind: 'predicted', index, predictions: list }));
    return { results: [...good, ...bad], inference };
  }

  /** Statistics of the tensor that each model is fed for one image; none where it can't be made, which `run` reports. */
  statistics(image: PreparedImage): FirstTensor[] {
    return this.models.flatMap((model, index) => {
      if (!image.image.models.includes(index)) return [];
      const input = this.fillOrNull(index, image);
      if (input === null) return [];
      const {
        minimum: min,
        mean,
        maximum: max,
      } = describeTensor(input.subarray(0, tensorLength(model.facts)));
      const shape = batchShape(model.facts, 1);
      return [
        {
          model: index,
          tensor: { image: image.image.id, shape, dtype: model.facts.tensor.dtype, min, mean, max },
        },
      ];
    });
  }

  private fillOrNull(model: number, image: PreparedImage): TensorData | null {
    try {
      return this.fill(model, [image]);
    } catch {
      return null;
    }
  }

  /** Raw scores of each image, at the network's own batch size. */
  async rawScores(model: number, images: readonly PreparedImage[]): Promise<ScoreArray[]> {
    const network = this.networks[model]!;
    const { outputClasses } = network.facts;
    const scores = await network.scores(this.fill(model, images));
    return images.map((_, row) => scores.slice(row * outputClasses, (row + 1) * outputClasses));
  }

  private async scoreChunk(
    model: number,
    chunk: readonly PreparedImage[],
  ): Promise<
    ({ kind: 'ok'; index: number; prediction: Prediction } | Extract<ImageResult, { kind: 'bad' }>)[]
  > {
    const network = this.networks[model]!;
    this.at(chunk[0]!.image.index, model);
    try {
      const scores = await network.scores(this.fill(model, chunk));
      return chunk.map(({ image }, row) => ({
        kind: 'ok',
        index: image.index,
        prediction: network.rank(scores, row, image.label, this.ties),
      }));
    } catch (error) {
      if (chunk.length === 1) {
        const fault = plainFault(error, 'inference-failed');
        const what = `model "${this.models[model]!.name}" failed on this image: ${fault.what}`;
        return [{ kind: 'bad', index: chunk[0]!.image.index, model, fault: { ...fault, what } }];
      }
      const alone = [];
      for (const image of chunk) alone.push(...(await this.scoreChunk(model, [image])));
      return alone;
    }
  }

  private fill(model: number, images: readonly PreparedImage[]): TensorData {
    const { facts } = this.models[model]!;
    const recipe = this.recipeOf[model]!;
    const length = tensorLength(facts);
    const buffer = this.bufferFor(recipe, facts.tensor, this.networks[model]!.rows, length);
    const same = buffer.holds.length === images.length && buffer.holds.every((held, i) => held === images[i]);
    if (!same) {
      buffer.holds = [];
      images.forEach((prepared, row) => {
        writeTensor(
          prepared.blocks.get(recipe)!,
          this.recipes[recipe]!,
          facts.tensor,
          buffer.data,
          row * length,
        );
      });
      buffer.holds = images;
    }
    return buffer.data;
  }

  private bufferFor(recipe: number, tensor: TensorSpec, rows: number, length: number): InputBuffer {
    const key = JSON.stringify([recipe, tensor, rows]);
    const existing = this.buffers.get(key);
    if (existing !== undefined) return existing;
    const made: InputBuffer = { data: new arrayOf[tensor.dtype](rows * length), holds: [] };
    this.buffers.set(key, made);
    return made;
  }
}
