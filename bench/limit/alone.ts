/**
 * One stage alone on every core at once: `cores` threads, each with its own share of the images.
 *
 *     node alone.js STAGE CORES IMAGES FOLDER CONFIG
 *
 * STAGE: `decode` (one image in flight a thread), `prepare` (decode, resize, crop and tensor), `network` (batches of
 * prepared images through one single-threaded session). CONFIG names one model. Prints { costMs, cpuMs }:
 * milliseconds of one core an image, by the wall clock and by the CPU's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { imagesOf } from '../run/images.js';
import type { TensorData } from '../../src/runtime/network.js';
import {
  loadArrays,
  loadConfigs,
  loadDecoders,
  loadNetwork,
  loadOpenModels,
  loadPrepare,
  loadSession,
  loadSettings,
  loadTensor,
} from '../run/product.js';

interface Share {
  readonly stage: string;
  readonly files: readonly string[];
  readonly config: string;
}

/** Distinct batches that a session is fed in turn. */
const distinctBatches = 8;

if (isMainThread) await main();
else await thread(workerData as Share);

async function main(): Promise<void> {
  const [stage, cores, images, folder, config] = process.argv.slice(2) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const names = imagesOf(folder);
  const files = Array.from({ length: Number(images) }, (_, i) => join(folder, names[i % names.length]!));
  const workers: Worker[] = [];
  for (let core = 0; core < Number(cores); core++) {
    const share: Share = { stage, config, files: files.filter((_, i) => i % Number(cores) === core) };
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    await nextMessage(worker);
    workers.push(worker);
  }
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(
    workers.map((worker) => {
      worker.postMessage('go');
      return nextMessage(worker);
    }),
  );
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({
      costMs: (wall * workers.length) / files.length,
      cpuMs: (user + system) / 1000 / files.length,
    }),
  );
}

function nextMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function thread(share: Share): Promise<void> {
  const work = share.stage === 'network' ? await networkWork(share) : await imageWork(share);
  parentPort!.once('message', () => {
    void work().then(() => {
      parentPort!.postMessage('done');
    });
  });
  parentPort!.postMessage('ready');
}

async function openOnly(config: string) {
  const { defaults, loadConfig } = await loadConfigs();
  const { openModel } = await loadOpenModels();
  const loaded = await loadConfig(config);
  return { model: await openModel(loaded.models[0]!, 1000), batch: loaded.engine.batch ?? defaults.batch };
}

async function imageWork({ stage, files, config }: Share): Promise<() => Promise<void>> {
  const { model } = await openOnly(config);
  const { decode } = await loadDecoders();
  const { prepare } = await loadPrepare();
  const { writeTensor } = await loadTensor();
  const contents = files.map((file) => new Uint8Array(readFileSync(file)));
  const tensor = new Float32Array(3 * model.facts.tensor.width * model.facts.tensor.height);
  const one = async (bytes: Uint8Array): Promise<void> => {
    const image = await decode(bytes, model.recipe.decode);
    if (stage === 'prepare')
      writeTensor(prepare(image, model.recipe), model.recipe, model.facts.tensor, tensor, 0);
  };
  for (const bytes of contents.slice(0, 50)) await one(bytes);
  return async () => {
    for (const bytes of contents) await one(bytes);
  };
}

async function networkWork({ files, config }: Share): Promise<() => Promise<void>> {
  const { model, batch: wished } = await openOnly(config);
  const batch = model.facts.fixedBatch ?? wished;
  const { arrayOf, batchShape, tensorLength } = { ...(await loadArrays()), ...(await loadNetwork()) };
  const { openSession } = await loadSession();
  const { defaultSettings } = await loadSettings();
  const { decode } = await loadDecoders();
  const { prepare } = await loadPrepare();
  const { writeTensor } = await loadTensor();
  const session = await openSession(model.plan, model.file, defaultSettings, batch);
  const length = tensorLength(model.facts);
  const tensors: TensorData[] = [];
  for (let at = 0; at < distinctBatches; at++) {
    const tensor = new arrayOf[model.facts.tensor.dtype](length * batch);
    for (let i = 0; i < batch; i++) {
      const image = await decode(readFileSync(files[(at * batch + i) % files.length]!), model.recipe.decode);
      writeTensor(prepare(image, model.recipe), model.recipe, model.facts.tensor, tensor, i * length);
    }
    tensors.push(tensor);
  }
  const run = (at: number) => session.run(tensors[at % distinctBatches]!, batchShape(model.facts, batch));
  for (let at = 0; at < distinctBatches; at++) await run(at);
  return async () => {
    for (let at = 0; at < files.length / batch; at++) await run(at);
    await session.release();
  };
}
