import { parentPort, workerData } from 'node:worker_threads';
import type { Recipe } from 'reference-pixels/recipe';

import { EvalError, messageOf } from '../domain/errors.js';
import { BatchRunner } from './batch.js';
import type { FromWorker, ImageResult, Job, JobImage, ToWorker, WorkerSetup } from './messages.js';
import { Network } from './network.js';
import { prepareImage, type Preparation, type PreparedImage } from './preparation.js';
import { readAhead } from './read-ahead.js';

/**
 * A worker thread: decodes, prepares and runs every model on the jobs it is sent, one session a model for its
 * whole life. It shares nothing with other workers and ends by message, never by termination.
 */

const port = parentPort!;
// The host passes exactly this (pool.ts).
const setup = workerData as WorkerSetup;
const position = new Int32Array(setup.position);

const recipes: Recipe[] = [];
const recipeOf = setup.models.map((model) => {
  const key = JSON.stringify(model.recipe);
  const known = recipes.findIndex((recipe) => JSON.stringify(recipe) === key);
  return known >= 0 ? known : recipes.push(model.recipe) - 1;
});

function send(message: FromWorker): void {
  port.postMessage(message);
}

function at(image: number, model: number): void {
  Atomics.store(position, 1, model);
  Atomics.store(position, 0, image);
}

/** Images of a job decoded at the same time: a worker is not idle while a decode changes threads. */
const IN_FLIGHT = 4;

async function prepareJob(job: Job): Promise<Preparation[]> {
  const preparations: Preparation[] = [];
  const prepareOne = (image: JobImage): Promise<Preparation> => {
    const wanted = new Set(image.models.map((model) => recipeOf[model]!));
    return prepareImage(image, wanted, recipes, setup.decodeTimeoutMs);
  };
  for await (const preparation of readAhead(job.images, IN_FLIGHT, prepareOne))
    preparations.push(preparation);
  return preparations;
}

function preparedOf(preparations: readonly Preparation[]): PreparedImage[] {
  return preparations.flatMap((p) => (p.kind === 'prepared' ? [p.prepared] : []));
}

async function runJob(runner: BatchRunner, job: Job, preparations: readonly Preparation[]): Promise<void> {
  const bad = preparations.flatMap((p): ImageResult[] =>
    p.kind === 'bad' ? [{ kind: 'bad', index: p.image.index, model: null, fault: p.fault }] : [],
  );
  const { results, inference } = await runner.run(preparedOf(preparations));
  at(-1, -1);
  const seconds = (key: 'decodeSeconds' | 'prepareSeconds'): number =>
    preparations.reduce((sum, p) => sum + (p.kind === 'prepared' ? p[key] : 0), 0);
  send({
    kind: 'done',
    job: job.id,
    results: [...results, ...bad],
    times: { decode: seconds('decodeSeconds'), prepare: seconds('prepareSeconds'), inference },
  });
}

/**
 * Whether each model gives the same bits at batch 1 as at the run's batch; null where its batch is fixed, and where the
 * job's images were not its own.
 */
async function probe(batched: BatchRunner, job: Job): Promise<void> {
  const all = preparedOf(await prepareJob(job));
  const invariant: (boolean | null)[] = [];
  for (const [index, model] of setup.models.entries()) {
    const prepared = all.filter(({ image }) => image.models.includes(index));
    if (model.facts.fixedBatch !== null || setup.batch === 1 || prepared.length === 0) {
      invariant.push(null);
      continue;
    }
    const network = await Network.open(model, setup.settings, 1);
    const alone = new BatchRunner(
      [network],
      [model],
      [recipeOf[index]!],
      recipes,
      setup.ties,
      () => undefined,
    );
    const together = await batched.rawScores(index, prepared.slice(0, setup.batch));
    let same = true;
    for (const [row, scores] of together.entries()) {
      const [single] = await alone.rawScores(0, [prepared[row]!]);
      same &&= scores.every((score, i) => Object.is(score, single![i]));
    }
    await network.release();
    invariant.push(same);
  }
  send({ kind: 'probed', invariant });
}

async function main(): Promise<void> {
  const networks: Network[] = [];
  for (const model of setup.models) {
    const shared = networks.map((network) => network.sharedBy(model)).find((network) => network !== null);
    networks.push(shared ?? (await Network.open(model, setup.settings, setup.batch)));
  }
  const runner = new BatchRunner(networks, setup.models, recipeOf, recipes, setup.ties, at);
  let first = true;
  // Jobs run one after the other; the next one's images are decoded while this one blocks the thread.
  let running: Promise<void> = Promise.resolve();
  let preparing: Promise<unknown> = Promise.resolve();

  async function take(job: Job): Promise<void> {
    const before = running;
    const ready = preparing.then(() => prepareJob(job));
    preparing = ready;
    const preparations = await ready;
    await before;
    const [sample] = preparedOf(preparations);
    if (first && sample !== undefined) {
      first = false;
      send({ kind: 'first-tensors', statistics: runner.statistics(sample) });
    }
    await runJob(runner, job, preparations);
  }

  async function close(): Promise<void> {
    await running;
    for (const network of networks) await network.release();
    port.close();
  }

  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'job':
        running = take(message.job);
        break;
      case 'probe':
        running = running
          .then(() => probe(runner, message.job))
          .catch(() => {
            send({ kind: 'probed', invariant: setup.models.map(() => null) });
          });
        break;
      case 'close':
        void close();
        break;
    }
  });
  send({ kind: 'ready' });
}

main().catch((error: unknown) => {
  const fault =
    error instanceof EvalError
      ? { code: error.code, what: error.what, where: error.where, remedy: error.remedy }
      : { code: 'worker-failed', what: messageOf(error), where: null, remedy: null };
  send({ kind: 'failed', fault });
  port.close();
});
