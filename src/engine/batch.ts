import type { Recipe, TensorSpec } from 'reference-pixels/recipe';
import { describeTensor, writeTensor } from 'reference-pixels/tensor';
import type { Prediction, ScoreArray, TieRule } from '../domain/domain.js';
import { ImageError } from '../domain/errors.js';
import { arrayOf, type TensorData } from '../runtime/network.js';
import type { FirstTensor, ImageResult, ModelFailure, WorkerModel } from './messages.js';
import { failureOf } from './failure.js';
import { batchShape, type Network, tensorLength } from './network.js';
import { plainFault, type PreparedImage } from './preparation.js';

/** Input of the models that share recipe and tensor: filled once for all of them. */
interface InputBuffer {
  readonly data: TensorData;
  holds: readonly PreparedImage[];
}

/** A model as a thread runs it. */
export interface Lane {
  readonly model: WorkerModel;
  /** Index of its recipe. */
  readonly recipe: number;
  readonly network: Network;
  /** Distinct images in one call. */
  readonly imagesPerCall: number;
}

/** What came of running some images through every model. */
export interface BatchOutcome {
  readonly results: readonly ImageResult[];
  readonly failures: readonly ModelFailure[];
  /** Seconds by model. */
  readonly inference: readonly number[];
}

/** Runs prepared images through every model that wants them. */
export class BatchRunner {
  private readonly buffers = new Map<string, InputBuffer>();

  constructor(
    /** By model; null for one that has failed. */
    public lanes: readonly (Lane | null)[],
    private readonly recipes: readonly Recipe[],
    private readonly ties: TieRule,
    /** Told which image and model come next, for the host to read after a death. */
    private readonly at: (image: number, model: number) => void,
  ) {}

  async run(images: readonly PreparedImage[]): Promise<BatchOutcome> {
    const predictions = new Map<number, [number, Prediction][]>(images.map(({ image }) => [image.index, []]));
    const bad: Extract<ImageResult, { kind: 'bad' }>[] = [];
    const failures: ModelFailure[] = [];
    const inference = new Array<number>(this.lanes.length).fill(0);
    for (const [model, lane] of this.lanes.entries()) {
      if (lane === null) continue;
      const wanted = images.filter(({ image }) => image.models.includes(model));
      const start = performance.now();
      for (let from = 0; from < wanted.length; from += lane.imagesPerCall) {
        const chunk = wanted.slice(from, from + lane.imagesPerCall);
        const unfit = this.unfit(lane, model, chunk);
        bad.push(...unfit);
        const fitting = chunk.filter(({ image }) => unfit.every(({ index }) => index !== image.index));
        if (fitting.length === 0) continue;
        this.at(fitting[0]!.image.index, model);
        try {
          const scores = await lane.network.scores(this.fill(lane, fitting));
          fitting.forEach(({ image }, row) => {
            const prediction = lane.network.rank(scores, row, image.label, this.ties);
            predictions.get(image.index)!.push([model, prediction]);
          });
        } catch (error) {
          const fault = plainFault(error, 'inference-failed');
          failures.push({ model, fault: failureOf(lane.model.name, fault, fitting[0]!.image.id) });
          break;
        }
      }
      inference[model]! += (performance.now() - start) / 1000;
    }
    const failed = new Set(bad.map((result) => result.index));
    const good = [...predictions]
      .filter(([index]) => !failed.has(index))
      .map(([index, list]): ImageResult => ({ kind: 'predicted', index, predictions: list }));
    return { results: [...good, ...bad], failures, inference };
  }

  /** Statistics of the tensor that each model is fed for one image; none where it can't be made, which `run` reports. */
  statistics(image: PreparedImage): FirstTensor[] {
    return this.lanes.flatMap((lane, index) => {
      if (lane === null || !image.image.models.includes(index)) return [];
      if (!this.fits(lane, image)) return [];
      const { facts } = lane.model;
      const input = this.fill(lane, [image]);
      const { minimum: min, mean, maximum: max } = describeTensor(input.subarray(0, tensorLength(facts)));
      const shape = batchShape(facts, 1);
      const tensor = { image: image.image.id, shape, dtype: facts.tensor.dtype, min, mean, max };
      return [{ model: index, tensor }];
    });
  }

  /** Whether the model's tensor can be made of an image. */
  fits(lane: Lane, image: PreparedImage): boolean {
    return this.unfit(lane, 0, [image]).length === 0;
  }

  /** Raw scores of each image, in one call of the network's own batch size; rows left over hold the last image. */
  async rawScores(lane: Lane, images: readonly PreparedImage[]): Promise<ScoreArray[]> {
    const { network } = lane;
    const { outputClasses } = network.facts;
    const filled = Array.from(
      { length: network.rows },
      (_, row) => images[Math.min(row, images.length - 1)]!,
    );
    const scores = await network.scores(this.fill(lane, filled));
    return filled.map((_, row) => scores.slice(row * outputClasses, (row + 1) * outputClasses));
  }

  /** The images that can't be made into this model's tensor, each with the reason. */
  private unfit(
    lane: Lane,
    model: number,
    images: readonly PreparedImage[],
  ): Extract<ImageResult, { kind: 'bad' }>[] {
    try {
      this.fill(lane, images);
      return [];
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      if (images.length > 1) return images.flatMap((image) => this.unfit(lane, model, [image]));
      const fault = plainFault(error, error.code);
      const what = `no tensor for model "${lane.model.name}" can be made of this image: ${fault.what}`;
      return [{ kind: 'bad', index: images[0]!.image.index, model, fault: { ...fault, what } }];
    }
  }

  private fill(lane: Lane, images: readonly PreparedImage[]): TensorData {
    const { facts } = lane.model;
    const { recipe, network, imagesPerCall } = lane;
    const rows = imagesPerCall === 1 ? Array.from({ length: network.rows }, () => images[0]!) : images;
    const length = tensorLength(facts);
    const buffer = this.bufferFor(recipe, facts.tensor, network.rows, length);
    const same =
      buffer.holds.length === rows.length && buffer.holds.every((image, index) => image === rows[index]);
    if (!same) {
      buffer.holds = [];
      rows.forEach((prepared, row) => {
        writeTensor(
          prepared.blocks.get(recipe)!,
          this.recipes[recipe]!,
          facts.tensor,
          buffer.data,
          row * length,
        );
      });
      buffer.holds = rows;
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
