import { parentPort } from 'node:worker_threads';
import pLimit from 'p-limit';
import type { PixelBlock, Recipe } from 'reference-pixels/recipe';

import { EvalError, messageOf } from '../domain/errors.js';
import { BatchRunner, type Lane } from './batch.js';
import { examine } from './examine.js';
import type {
  Examined,
  FromWorker,
  ImageResult,
  Job,
  MadePixels,
  ModelPlan,
  ToWorker,
  WorkerSetup,
} from './messages.js';
import type { Network } from './network.js';
import { PixelSource } from './pixel-source.js';
import { prepareImage, type Preparation, type PreparedImage } from './preparation.js';

/** How a thread comes by a network: `Network.open`, or what a bench puts in its place. */
export type OpenNetwork = typeof Network.open;

/** How a thread makes an image's pixels. */
export type PrepareImage = typeof prepareImage;

/** Images of a job decoded at the same time: a worker is not idle while a decode changes threads. */
const IN_FLIGHT = 4;
/** Once a model's batches have been compared with single images for so long, no new call is begun. */
const EXAMINE_SECONDS = 5;

/**
 * A worker thread: decodes, prepares and runs every model on the jobs it is sent, one session a model for its
 * whole life. It shares nothing with other workers and ends by message, never by termination.
 */
export function serve(open: OpenNetwork, prepare: PrepareImage = prepareImage): void {
  let thread: WorkerThread | null = null;
  parentPort!.on('message', (message: ToWorker) => {
    if (message.kind === 'setup') thread = new WorkerThread(message.setup, open, prepare);
    else thread?.receive(message);
  });
}

function fail(error: unknown): void {
  const fault =
    error instanceof EvalError
      ? { code: error.code, what: error.what, where: error.where, remedy: error.remedy }
      : { code: 'worker-failed', what: messageOf(error), where: null, remedy: null };
  send({ kind: 'failed', fault });
  parentPort!.close();
}

function send(message: FromWorker): void {
  parentPort!.postMessage(message);
}

class WorkerThread {
  private readonly position: Int32Array;
  private readonly recipes: readonly Recipe[];
  /** By model: index of its recipe. */
  private readonly recipeOf: readonly number[];
  /** As they were opened, by model. */
  private readonly opened: Network[] = [];
  /** Those that were opened beside them for another number of rows. */
  private readonly resized: Network[] = [];
  private readonly runner: BatchRunner;
  private readonly pixels: PixelSource;
  // Jobs run one after the other; the next one's images are decoded while this one blocks the thread.
  private running: Promise<void>;
  private preparing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly setup: WorkerSetup,
    private readonly open: OpenNetwork,
    prepareImage: PrepareImage,
  ) {
    const { models, ties, decodeTimeoutMs } = setup;
    this.position = new Int32Array(setup.position);
    const keys = models.map(({ recipe }) => JSON.stringify(recipe));
    const distinct = [...new Set(keys)];
    this.recipeOf = keys.map((key) => distinct.indexOf(key));
    const first = distinct.map((key) => models[keys.indexOf(key)]!);
    this.recipes = first.map(({ recipe }) => recipe);
    this.runner = new BatchRunner([], this.recipes, ties, (image, model) => {
      this.at(image, model);
    });
    this.pixels = new PixelSource(
      this.recipeOf,
      first.map(({ keepIn }) => keepIn ?? null),
      (image, wanted) => prepareImage(image, wanted, this.recipes, decodeTimeoutMs),
      {
        onDamaged: (file, why) => {
          send({ kind: 'damaged', file, why });
        },
        onWarning: (text) => {
          send({ kind: 'warning', text });
        },
      },
    );
    this.running = this.start();
    this.running.catch(fail);
  }

  private async start(): Promise<void> {
    const { models, settings, batch } = this.setup;
    for (const model of this.setup.decodesOnly === true ? [] : models) {
      const shared = this.opened
        .map((network) => network.sharedBy(model))
        .find((network) => network !== null);
      this.opened.push(shared ?? (await this.open(model, settings, batch)));
    }
    send({ kind: 'ready' });
  }

  receive(message: Exclude<ToWorker, { kind: 'setup' }>): void {
    switch (message.kind) {
      case 'plan':
        this.running = this.running.then(() => this.takePlan(message.plans));
        break;
      case 'job':
        this.running =
          this.setup.decodesOnly === true ? this.makePixels(message.job) : this.takeJob(message.job);
        break;
      case 'examine':
        this.running = this.running
          .then(() => this.examine(message.job))
          .catch(() => {
            send({ kind: 'examined', models: this.setup.models.map(() => null) });
          });
        break;
      case 'close':
        void this.close();
        break;
    }
  }

  private lane(model: number, network: Network, imagesPerCall: number): Lane {
    return { model: this.setup.models[model]!, recipe: this.recipeOf[model]!, network, imagesPerCall };
  }

  private async takePlan(plans: readonly ModelPlan[]): Promise<void> {
    const lanes: (Lane | null)[] = [];
    for (const [model, plan] of plans.entries()) {
      const before = this.runner.lanes[model];
      if (plan === null) {
        lanes.push(null);
      } else if (before?.network.rows === plan.rows && before.imagesPerCall === plan.imagesPerCall) {
        lanes.push(before);
      } else {
        const network = await this.opened[model]!.withRows(plan.rows);
        this.resized.push(network);
        lanes.push(this.lane(model, network, plan.imagesPerCall));
      }
    }
    this.runner.lanes = lanes;
  }

  private async takeJob(job: Job): Promise<void> {
    const before = this.running;
    const ready = this.preparing.then(() => this.prepare(job, true));
    this.preparing = ready;
    const preparations = await ready;
    await before;
    const [sample] = preparedOf(preparations);
    if (job.describe) {
      const statistics = sample === undefined ? [] : this.runner.statistics(sample);
      send({ kind: 'first-tensors', statistics });
    }
    await this.runJob(job, preparations);
  }

  private async makePixels(job: Job): Promise<void> {
    const preparations = await this.prepare(job, true);
    send({ kind: 'pixels', job: job.id, made: preparations.map(sharedPixels) });
  }

  private async runJob(job: Job, preparations: readonly Preparation[]): Promise<void> {
    const bad = preparations.flatMap((p): ImageResult[] =>
      p.kind === 'bad' ? [{ kind: 'bad', index: p.image.index, model: null, fault: p.fault }] : [],
    );
    const prepared = preparedOf(preparations);
    const { results, failures, inference } = await this.runner.run(prepared);
    for (const image of prepared) this.pixels.release(image);
    this.at(-1, -1);
    const seconds = (key: 'decodeSeconds' | 'prepareSeconds'): number =>
      preparations.reduce((sum, p) => sum + (p.kind === 'prepared' ? p[key] : 0), 0);
    send({
      kind: 'done',
      job: job.id,
      results: [...results, ...bad],
      failures,
      times: { decode: seconds('decodeSeconds'), prepare: seconds('prepareSeconds'), inference },
    });
  }

  private async examine(job: Job): Promise<void> {
    const prepared = preparedOf(await this.prepare(job, false));
    const models: Examined[] = [];
    for (const [model, network] of this.opened.entries()) {
      const own = prepared.filter(({ image }) => image.models.includes(model));
      const lane = this.lane(model, network, network.rows);
      models.push(await examine(this.runner, lane, own, EXAMINE_SECONDS));
    }
    send({ kind: 'examined', models });
  }

  private prepare(job: Job, keep: boolean): Promise<Preparation[]> {
    return pLimit(IN_FLIGHT).map(job.images, (image) => this.pixels.pixels(image, keep));
  }

  private at(image: number, model: number): void {
    Atomics.store(this.position, 1, model);
    Atomics.store(this.position, 0, image);
  }

  private async close(): Promise<void> {
    await this.running;
    await this.pixels.close();
    for (const network of [...this.resized, ...this.opened]) await network.release();
    parentPort!.close();
  }
}

function sharedPixels(preparation: Preparation): MadePixels | null {
  if (preparation.kind === 'bad') return null;
  const { prepared, decodeSeconds, prepareSeconds } = preparation;
  const blocks = [...prepared.blocks].map(([recipe, block]): [number, PixelBlock] => {
    const memory = new SharedArrayBuffer(block.data.byteLength);
    const data = block.data instanceof Uint8Array ? new Uint8Array(memory) : new Float32Array(memory);
    data.set(block.data);
    return [recipe, { ...block, data }];
  });
  return { blocks: new Map(blocks), decodeSeconds, prepareSeconds };
}

function preparedOf(preparations: readonly Preparation[]): PreparedImage[] {
  return preparations.flatMap((p) => (p.kind === 'prepared' ? [p.prepared] : []));
}
