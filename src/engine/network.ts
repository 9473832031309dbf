import type { ClassIndex, Prediction, TieRule } from '../domain/domain.js';
import { rankRow } from '../metrics/top-k.js';
import type { ModelFacts } from '../model/facts.js';
import { openSession, type Session, type SessionSettings, type TensorData } from '../model/session.js';
import type { WorkerModel } from './messages.js';

/** Elements of one image's tensor. */
export function tensorLength(facts: ModelFacts): number {
  return 3 * facts.tensor.width * facts.tensor.height;
}

/** Shape of a batch as the model takes it. */
export function batchShape(facts: ModelFacts, images: number): number[] {
  const { layout, width, height } = facts.tensor;
  return layout === 'NCHW' ? [images, 3, height, width] : [images, height, width, 3];
}

/**
 * One model in one thread. It always runs `rows` images (the file's own batch where that is fixed); rows that
 * hold no image are dropped, so that every image is computed at the same batch size.
 */
export class Network {
  private constructor(
    private readonly model: WorkerModel,
    private readonly session: Session,
    readonly rows: number,
    /** The network that opened the session closes it. */
    private readonly owner = true,
  ) {}

  static async open(model: WorkerModel, settings: SessionSettings, batch: number): Promise<Network> {
    const { fixedBatch, batchDimension } = model.facts;
    const rows = fixedBatch ?? batch;
    const dimensions = settings.fixedDimensions && batchDimension !== null ? { [batchDimension]: rows } : {};
    const bytes = new Uint8Array(model.bytes).slice();
    return new Network(model, await openSession(bytes, model.name, settings, dimensions), rows);
  }

  /** The same session under another recipe, where `model` is the same file; null where it is another. */
  sharedBy(model: WorkerModel): Network | null {
    if (model.bytes !== this.model.bytes) return null;
    return new Network(model, this.session, this.rows, false);
  }

  get facts(): ModelFacts {
    return this.model.facts;
  }

  /** `input`: `rows` images. Scores: `rows` x `facts.outputClasses`, row-major. */
  scores(input: TensorData): Promise<TensorData> {
    return this.session.run(input, batchShape(this.model.facts, this.rows));
  }

  /** Ranks row `row` of `scores`. */
  rank(scores: TensorData, row: number, label: ClassIndex, ties: TieRule): Prediction {
    const { facts, classes } = this.model;
    return rankRow(scores, row * facts.outputClasses, classes, facts.classOffset === 1 ? 1 : 0, label, ties);
  }

  async release(): Promise<void> {
    if (this.owner) await this.session.release();
  }
}
