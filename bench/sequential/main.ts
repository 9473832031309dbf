import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { percentile } from '../../src/metrics/distribution.js';
import { wilsonInterval } from '../../src/metrics/interval.js';
import { maxDropImages } from '../../src/metrics/counting.js';
import { errorKind, simulateCell, type Cell, type CellResult } from './simulate.js';
import { CONFIDENCE, simulateSubset, type SubsetCell, type SubsetResult } from './subset.js';

const USAGE = `Simulates the sequential gate at and around its limit, and prints how often it errs beside what it states.

  --runs 1000            runs a cell
  --gates 0.5,1,2        limits in points
  --drops 0,0.5,0.77,D,D+1,1.5,3,10,40   true drops in points, or D (a tie) and D+1 (one image more)
  --flips 4.5            flips besides the drop, percent of images, half of them gains
  --population 50000     images in the data set
  --parts 400,2000,10000  images of parts drawn at random, on which both kinds of check speak of the whole
  --stated 0.01          error probability that the gate states, either way
  --seed 1
  --workers <n>          worker threads, one cell each at a time (default: the cores)

Exits 1 if a cell errs more than stated beyond chance (99.9 % Wilson interval above it).`;

interface Task {
  readonly cell: Cell | SubsetCell;
  readonly runs: number;
  readonly seed: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      gates: { type: 'string', default: '0.5,1,2' },
      drops: { type: 'string', default: '0,0.5,0.77,D,D+1,1.5,3,10,40' },
      flips: { type: 'string', default: '4.5' },
      population: { type: 'string', default: '50000' },
      parts: { type: 'string', default: '400,2000,10000' },
      stated: { type: 'string', default: '0.01' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const population = Number(values.population);
  const gainedImages = Math.round((population * Number(values.flips)) / 200);
  const cells = values.gates.split(',').flatMap((gate) => {
    const most = maxDropImages(Number(gate), population);
    const drops = values.drops
      .split(',')
      .map((drop) =>
        drop === 'D' ? most : drop === 'D+1' ? most + 1 : Math.round((Number(drop) * population) / 100),
      );
    return [...new Set(drops)]
      .sort((a, b) => a - b)
      .map((dropImages): Cell => ({
        population,
        maxDropImages: most,
        dropImages,
        gainedImages,
        stated: Number(values.stated),
      }));
  });
  const started = performance.now();
  const tasks = cells.map((cell, index) => ({
    cell,
    runs: Number(values.runs),
    seed: Number(values.seed) * 1_000_003 + index,
  }));
  const whole = await runAll(tasks, Number(values.workers));
  // Each task gives the result of its own kind of cell.
  const results = whole as CellResult[];
  print(results);
  const parts = values.parts.split(',').filter((part) => part !== '');
  const subsetTasks = values.gates.split(',').flatMap((gate, g) =>
    parts.flatMap((part, p) =>
      subsetDrops(Number(gate), population).map((dropImages, d) => ({
        cell: {
          population,
          maxDropImages: maxDropImages(Number(gate), population),
          dropImages,
          gainedImages,
          stated: Number(values.stated),
          part: Number(part),
          limit: Number(gate),
        },
        runs: Number(values.runs),
        seed: Number(values.seed) * 1_000_003 + 10_000 + 100 * g + 10 * p + d,
      })),
    ),
  );
  const subsets = (await runAll(subsetTasks, Number(values.workers))) as SubsetResult[];
  if (subsets.length > 0) printSubsets(subsets);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`\n${cells.length} cells of ${values.runs} runs, seed ${values.seed}, ${seconds} s`);
  if (results.some(exceeds) || subsets.some(subsetExceeds)) process.exitCode = 1;
}

/** Keeps `workers` threads busy; results in the order of the tasks. */
async function runAll(tasks: readonly Task[], workers: number): Promise<(CellResult | SubsetResult)[]> {
  const results = new Array<CellResult | SubsetResult>(tasks.length);
  const queue = tasks.entries();
  const serve = async (): Promise<void> => {
    for (const [index, task] of queue)
      results[index] = await new Promise<CellResult | SubsetResult>((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url), { workerData: task });
        worker.once('message', resolve);
        worker.once('error', reject);
      });
  };
  await Promise.all(Array.from({ length: Math.max(1, workers) }, serve));
  return results;
}

function exceeds({ cell, runs, wrong }: CellResult): boolean {
  return wilsonInterval(wrong, runs, 0.999).lower > cell.stated;
}

/** A clean model, the tie and one image beyond it, and a clear loss. */
function subsetDrops(limit: number, population: number): number[] {
  const most = maxDropImages(limit, population);
  return [0, most, most + 1, Math.round((population * 5) / 100)];
}

/** The plain check's score interval is promised on average only: it may err up to half as often again. */
const PLAIN_SLACK = 1.5;

function subsetExceeds({ cell, runs, plain, sequential }: SubsetResult): boolean {
  const promised = (PLAIN_SLACK * (1 - CONFIDENCE)) / 2;
  return (
    wilsonInterval(sequential.wrong, runs, 0.999).lower > cell.stated ||
    wilsonInterval(plain.wrong, runs, 0.999).lower > promised
  );
}

function printSubsets(results: readonly SubsetResult[]): void {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const rows = results.map((result) => {
    const { cell, runs, plain, sequential } = result;
    return [
      String(cell.limit),
      `${cell.part} of ${cell.population}`,
      ((100 * cell.dropImages) / cell.population).toFixed(3),
      errorKind(cell) === 'miss' ? 'false pass' : 'false fail',
      percent(plain.wrong / runs),
      `about ${percent((1 - CONFIDENCE) / 2)}`,
      percent(plain.undecided / runs),
      percent(sequential.wrong / runs),
      `<= ${percent(cell.stated)}`,
      percent(sequential.undecided / runs),
      subsetExceeds(result) ? 'EXCEEDS' : 'holds',
    ];
  });
  const heads = [
    'gate',
    'part',
    'drop',
    'error',
    'plain',
    'promised',
    'undecided',
    'sequential',
    'promised',
    'undecided',
    '',
  ];
  console.log('\nParts drawn at random, verdicts on the whole:\n');
  printTable(heads, rows);
}

function print(results: readonly CellResult[]): void {
  const percent = (share: number, digits: number): string => `${(100 * share).toFixed(digits)} %`;
  const rows = results.map((result) => {
    const { cell, runs, wrong, imagesNeeded } = result;
    const { lower, upper } = wilsonInterval(wrong, runs);
    return [
      String((100 * cell.maxDropImages) / cell.population),
      ((100 * cell.dropImages) / cell.population).toFixed(3),
      errorKind(cell),
      `${wrong}/${runs}`,
      percent(wrong / runs, 2),
      `${percent(lower, 2)} to ${percent(upper, 2)}`,
      `<= ${percent(cell.stated, 2)}`,
      exceeds(result) ? 'EXCEEDS' : 'holds',
      String(Math.round(percentile(imagesNeeded, 0.5))),
      String(Math.round(percentile(imagesNeeded, 0.95))),
    ];
  });
  const heads = [
    'gate',
    'drop',
    'error',
    'wrong',
    'rate',
    '95 % interval',
    'stated',
    '',
    'images: median',
    '95th pct',
  ];
  printTable(heads, rows);
}

function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = [heads, heads.map((head) => '-'.repeat(Math.max(3, head.length))), ...rows];
  const widths = heads.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table)
    console.log(`| ${row.map((text, column) => text.padStart(widths[column]!)).join(' | ')} |`);
}

if (isMainThread) await main();
else {
  // The main thread above is the only one that starts this file as a worker, with a Task.
  const task = workerData as Task;
  const { cell, runs, seed } = task;
  parentPort?.postMessage('part' in cell ? simulateSubset(cell, runs, seed) : simulateCell(cell, runs, seed));
}
