/**
 * One whole run of the product in a process of its own: what `imagenet-eval run` does, with a watch on it.
 *
 *     node whole.js CONFIG OUT IMAGES_FOLDER WORKERS
 *
 * PREPARED: a folder of prepared images that is filled and used. REPORT: `none` to end before the reports.
 * Prints one line of JSON, a `WholeRun`.
 */
import { loadConfigs, loadEvaluate, loadReporting } from './product.js';
import type { WholeRun } from './whole-run.js';

const [file, out, images, workers] = process.argv.slice(2) as [string, string, string, string];
const { loadConfig } = await loadConfigs();
const config = await loadConfig(file);

/** Images between two readings of clock and memory. */
const every = 50;
const marks: { images: number; seconds: number; cpuSeconds: number; rssBytes: number }[] = [];
let firstImageSeconds = 0;
let measuredSeconds = 0;

/** Since the process was started, Node's own start included. */
function seconds(): number {
  return performance.now() / 1000;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function mark(done: number): void {
  marks.push({
    images: done,
    seconds: seconds(),
    cpuSeconds: cpuSeconds(),
    rssBytes: process.memoryUsage.rss(),
  });
}

let startedSeconds = 0;
const options = {
  config: {
    ...config,
    dataset: { ...config.dataset, images },
    engine: { ...config.engine, prepared: process.env['PREPARED'] ?? null },
  },
  out,
  cache: null,
  fresh: true,
  limit: null,
  limitSeed: 0,
  workers: Number(workers),
  batch: null,
  shard: null,
  guard: true,
  command: 'bench',
  signal: new AbortController().signal,
  events: {
    onStart: () => {
      startedSeconds = seconds();
    },
    onProgress({ done }: { readonly done: number }) {
      if (done === 1) {
        firstImageSeconds = seconds();
        mark(done);
      } else if (done % every === 0) mark(done);
    },
    onFirstTensors: () => undefined,
    onWarning: () => undefined,
    onMeasured: () => {
      measuredSeconds = seconds();
    },
  },
} satisfies Parameters<Awaited<ReturnType<typeof loadReporting>>['evaluateToReport']>[0];

/** Top-1 hits by model; none without reports, for which they are counted. */
async function evaluate(): Promise<Pick<WholeRun, 'images' | 'top1'>> {
  if (process.env['REPORT'] === 'none') {
    const { record } = await (await loadEvaluate()).measure(options);
    options.events.onMeasured();
    return { images: record.samples.length, top1: [] };
  }
  const { summary } = await (await loadReporting()).evaluateToReport(options);
  return { images: summary.dataset.images, top1: summary.models.map((model) => model.top1.correct) };
}

const result: WholeRun = {
  ...(await evaluate()),
  startedSeconds,
  firstImageSeconds,
  measuredSeconds,
  endSeconds: seconds(),
  cpuSeconds: cpuSeconds(),
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
  marks,
};
console.log(JSON.stringify(result));
