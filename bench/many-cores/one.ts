/**
 * One run with a number of workers, in a process of its own; prints what it measured as JSON. KIND `sleeping`: the
 * network sleeps 10 ms an image and images are not decoded, so that only the main thread works; `real`: the config as it is.
 *
 *     node one.js KIND CONFIG WORKERS
 *
 * PREPARED: a folder of prepared images that is filled and used.
 */
import { readFileSync } from 'node:fs';
import { loadConfigs, loadEvaluate, loadLiveView } from '../run/product.js';

export interface OneRun {
  readonly workers: number;
  readonly images: number;
  /** Images a second once a fifth of them is done. */
  readonly rate: number;
  readonly firstImageSeconds: number;
  /** CPU time of the main thread in that time, of a core; null where the system does not tell. */
  readonly mainBusy: number | null;
  readonly mainMsPerImage: number | null;
  readonly maxRssBytes: number;
}

/** Seconds of CPU that this process's first thread has used. */
function mainThreadSeconds(): number | null {
  try {
    const fields = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

async function main(): Promise<void> {
  const [kind, path, count] = process.argv.slice(2);
  const workers = Number(count);
  const [{ loadConfig }, { measure }, { liveView }] = await Promise.all([
    loadConfigs(),
    loadEvaluate(),
    loadLiveView(),
  ]);
  const loaded = await loadConfig(path!);
  const config = { ...loaded, engine: { ...loaded.engine, prepared: process.env['PREPARED'] ?? null } };
  const view = liveView(config.models);
  const start = performance.now();
  const now = (): { done: number; seconds: number; cpu: number | null } => ({
    done: 0,
    seconds: (performance.now() - start) / 1000,
    cpu: mainThreadSeconds(),
  });
  // Assigned in a callback, which the compiler doesn't follow.
  let from = null as ReturnType<typeof now> | null;
  let to = now();
  let firstImageSeconds = 0;
  const { record } = await measure({
    config,
    out: process.env['OUT_DIR'] ?? null,
    cache: null,
    fresh: true,
    limit: null,
    limitSeed: 0,
    workers,
    batch: null,
    shard: null,
    guard: false,
    command: 'bench',
    signal: new AbortController().signal,
    ...(kind === 'sleeping' ? { workerFile: new URL('./sleeping-worker.js', import.meta.url) } : {}),
    events: {
      ...view.events,
      onProgress(progress) {
        view.events.onProgress(progress);
        if (progress.done === 1) firstImageSeconds = (performance.now() - start) / 1000;
        if (from === null && progress.done >= progress.total / 5) from = { ...now(), done: progress.done };
        if (progress.done === progress.total) to = { ...now(), done: progress.done };
      },
    },
  });
  view.stop();
  const begin = from ?? { done: 0, seconds: 0, cpu: null };
  const cpu = to.cpu === null || begin.cpu === null ? null : to.cpu - begin.cpu;
  const seconds = to.seconds - begin.seconds;
  const images = to.done - begin.done;
  const result: OneRun = {
    workers,
    images: record.samples.length,
    rate: images / seconds,
    firstImageSeconds,
    mainBusy: cpu === null ? null : cpu / seconds,
    mainMsPerImage: cpu === null ? null : (1000 * cpu) / images,
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  console.log(JSON.stringify(result));
}

await main();
