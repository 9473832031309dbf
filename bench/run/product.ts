/**
 * The built program, typed by its source: its worker threads and its WebAssembly are found beside dist/ only.
 * BENCH_DIST names another build's dist/, to compare two.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const dist = pathToFileURL(`${resolve(process.env['BENCH_DIST'] ?? 'dist')}/`);

/** From a dist/ to the pixels that were built beside it. */
const pixels = '../packages/pixels/dist/';

async function load<T>(file: string): Promise<T> {
  // Each caller below names the source that dist/ was built from.
  return (await import(new URL(file, dist).href)) as T;
}

export const loadReporting = () =>
  load<typeof import('../../src/jobs/run/evaluate-to-report.js')>('jobs/run/evaluate-to-report.js');
export const loadConfigs = () => load<typeof import('../../src/config/config.js')>('config/config.js');
export const loadServe = () => load<typeof import('../../src/engine/serve.js')>('engine/serve.js');
export const loadNetwork = () => load<typeof import('../../src/engine/network.js')>('engine/network.js');
export const loadEvaluate = () =>
  load<typeof import('../../src/jobs/run/evaluate.js')>('jobs/run/evaluate.js');
export const loadLiveView = () => load<typeof import('../../src/cli/live-view.js')>('cli/live-view.js');
export const loadDecoders = () => load<typeof import('reference-pixels/decode')>(`${pixels}decode.js`);
export const loadPrepare = () => load<typeof import('reference-pixels/prepare')>(`${pixels}prepare.js`);
export const loadTensor = () => load<typeof import('reference-pixels/tensor')>(`${pixels}tensor.js`);
export const loadSession = () => load<typeof import('../../src/runtime/open.js')>('runtime/open.js');
export const loadArrays = () => load<typeof import('../../src/runtime/network.js')>('runtime/network.js');
export const loadSettings = () =>
  load<typeof import('../../src/runtime/session-settings.js')>('runtime/session-settings.js');
export const loadOpenModels = () =>
  load<typeof import('../../src/jobs/run/open-models.js')>('jobs/run/open-models.js');
export const loadMachine = () => load<typeof import('../../src/jobs/run/machine.js')>('jobs/run/machine.js');
/** What a diagnosis is made of. */
export const loadDiagnosis = async () => ({
  ...(await load<typeof import('../../src/metrics/permutation.js')>('metrics/permutation.js')),
  ...(await load<typeof import('../../src/jobs/diagnose/pool/task-pool.js')>(
    'jobs/diagnose/pool/task-pool.js',
  )),
  ...(await load<typeof import('../../src/jobs/diagnose/cut-network.js')>('jobs/diagnose/cut-network.js')),
  ...(await load<typeof import('../../src/jobs/diagnose/evidence.js')>('jobs/diagnose/evidence.js')),
  ...(await load<typeof import('../../src/jobs/diagnose/images.js')>('jobs/diagnose/images.js')),
  ...(await load<typeof import('../../src/jobs/diagnose/measurer.js')>('jobs/diagnose/measurer.js')),
  ...(await load<typeof import('../../src/jobs/diagnose/networks.js')>('jobs/diagnose/networks.js')),
  ...(await load<typeof import('../../src/jobs/diagnose/observe/observe.js')>(
    'jobs/diagnose/observe/observe.js',
  )),
  ...(await load<typeof import('../../src/jobs/diagnose/record.js')>('jobs/diagnose/record.js')),
  ...(await load<typeof import('../../src/jobs/diagnose/screening.js')>('jobs/diagnose/screening.js')),
  ...(await load<typeof import('../../src/jobs/diagnose/subject.js')>('jobs/diagnose/subject.js')),
  ...(await load<typeof import('../../src/jobs/run/open-dataset.js')>('jobs/run/open-dataset.js')),
});
