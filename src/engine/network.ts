import type { ClassIndex, Prediction, ScoreArray, TieRule } from '../domain/domain.js';
import { EvalError, messageOf, ModelError } from '../domain/errors.js';
import { rankRow } from '../metrics/top-k.js';
import type { NetworkFacts } from '../record/provenance.js';
import { samePlan, type Scores, type Session, type TensorData } from '../runtime/network.js';
import { openSession } from '../runtime/open.js';
import type { SessionSettings } from '../runtime/session-settings.js';
import { networkFault } from './failure.js';
import type { WorkerModel } from './messages.js';

/** Elements of one image's tensor. */
export function tensorLength({ tensor }: Pick<NetworkFacts, 'tensor'>): number {
  return 3 * tensor.width * tensor.height;
}

/** Shape of a batch as the model takes it. */
export function batchShape({ tensor }: Pick<NetworkFacts, 'tensor'>, images: number): number[] {
  const { layout, width, height } = tensor;
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
    private readonly settings: SessionSettings,
    /** The network that opened the session closes it. */
    private readonly owner = true,
  ) {}

  static async open(model: WorkerModel, settings: SessionSettings, batch: number): Promise<Network> {
    const rows = model.facts.fixedBatch ?? batch;
    return new Network(model, await openSession(model.plan, model.name, settings, rows), rows, settings);
  }

  /** A network over a session that is open already; it is closed with the network. */
  static over(session: Session, model: WorkerModel, settings: SessionSettings, rows: number): Network {
    return new Network(model, session, rows, settings);
  }

  /** The same session under another recipe, where `model` is the same file; null where it is another. */
  sharedBy(model: WorkerModel): Network | null {
    if (!samePlan(model.plan, this.model.plan)) return null;
    return new Network(model, this.session, this.rows, this.settings, false);
  }

  /** The same model in calls of `rows` images: by the same session where that takes any number. */
  async withRows(rows: number): Promise<Network> {
    const { facts, plan } = this.model;
    const anyNumber =
      plan.runtime === 'onnxruntime' && !(this.settings.fixedDimensions && plan.batchDimension !== null);
    if (facts.fixedBatch !== null || rows === this.rows)
      return new Network(this.model, this.session, this.rows, this.settings, false);
    return anyNumber
      ? new Network(this.model, this.session, rows, this.settings, false)
      : Network.open(this.model, this.settings, rows);
  }

  get facts(): NetworkFacts {
    return this.model.facts;
  }

  /**
   * `input`: `rows` images. Scores: `rows` x `facts.outputClasses`, row-major.
   * @throws ModelError `inference-failed` with the runtime's words; `output-differs` where the graph gives another shape
   *   than the file declares
   */
  async scores(input: TensorData): Promise<ScoreArray> {
    const { data, dims } = await this.run(input);
    const { outputClasses } = this.model.facts;
    const others = dims.slice(1).filter((size) => size !== 1);
    if (dims[0] === this.rows && others.length === 1 && others[0] === outputClasses) return data;
    throw new ModelError({
      code: 'output-differs',
      what: `for ${this.rows} image(s) the graph gives an output of shape [${dims.join(', ')}], where the file declares [${this.rows}, ${outputClasses}]`,
      where: this.model.name,
      remedy:
        'Export the model again with the shapes that it has; its scores would be read from wrong places.',
    });
  }

  private async run(input: TensorData): Promise<Scores> {
    try {
      return await this.session.run(input, batchShape(this.model.facts, this.rows));
    } catch (cause) {
      if (cause instanceof EvalError) throw cause;
      throw new ModelError({
        code: 'inference-failed',
        what: withoutSource(messageOf(cause)),
        where: this.model.name,
        remedy: networkFault,
        cause,
      });
    }
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

/** A message of onnxruntime without the place in its source and the signature that it begins with. */
function withoutSource(message: string): string {
  return message.replace(/\/\S+:\d+ [\w:<>~]+\([^)]*\) /g, '').trim();
}
