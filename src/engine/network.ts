import type { ClassIndex, Prediction, ScoreArray, TieRule } from '../domain/domain.js';
import { rankRow } from '../metrics/top-k.js';
import type { ModelFacts } from '../record/provenance.js';
import { samePlan, type Session, type TensorData } from '../runtime/network.js';
import { openSession } from '../runtime/open.js';
import type { SessionSettings } from '../runtime/session-settings.js';
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
    const rows = model.facts.fixedBatch ?? batch;
    return new Network(model, await openSession(model.plan, model.name, settings, rows), rows);
  }

  /** The same session under another recipe, where `model` is the same file; null where it is another. */
  sharedBy(model: WorkerModel): Network | null {
    if (!samePlan(model.plan, this.model.plan)) return null;
    return new Network(model, this.session, this.rows, false);
  }

  get facts(): ModelFacts {
    return this.model.facts;
  }

  /** `input`: `rows` images. Scores: `rows` x `facts.outputClasses`, row-major. */
  async scores(input: TensorData): Promise<ScoreArray> {
    const { data } = await this.session.run(input, batchShape(this.model.facts, this.rows));
    return data;
  }

  /** Ranks row `row` of `scores`. */
  rank(scores: ScoreArray, row: number, label: ClassIndex, ties: TieRule): Prediction {
    const { facts, classes } = this.model;
    return rankRow(scores, row * facts.outputClasses, classes, facts.classOffset === 1 ? 1 : 0, label, ties);
  }

  async release(): Promise<void> {
    if (this.owner) await this.session.release();
  }
}
