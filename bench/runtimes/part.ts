import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { compiled, type Context } from '../report/context.js';
import { row, type PartResult } from '../report/part.js';
import { measureIn, runs } from '../run/child.js';

/** One int8 network by every runtime that is here, alone in one thread: images a second within the runtime. */
export async function runtimes(
  context: Context,
  python: string | null,
  tflite: string,
  images: number,
): Promise<PartResult> {
  const { settings } = context;
  const onnx = { name: 'onnxruntime', path: resolve(settings.int8) };
  const litert = { name: 'LiteRT, here', path: resolve(tflite) };
  const ways: Readonly<Record<string, unknown>>[] = [onnx, litert];
  const hasLitert = python !== null && (await runs(python, ['-c', 'import ai_edge_litert']));
  if (hasLitert)
    ways.push({
      ...litert,
      name: 'LiteRT, by the adapter',
      runtime: { command: [python, resolve('adapters/litert.py'), '{model}'] },
    });
  else settings.say('runtimes: the adapter is skipped. Set BENCH_PYTHON (ai_edge_litert).');
  const configs = ways.map((model, at) => {
    const file = join(context.scratch, `runtime-${at}.yaml`);
    const recipe = 'timm-bicubic-256-224';
    const dataset = { images: resolve(settings.images), labels: 'filenames', subset: true };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ dataset, recipe, models: [model] }));
    return file;
  });
  const rounds = await context.rounds('runtimes', async () => {
    const rates: number[] = [];
    for (const config of configs) {
      const words = [compiled('limit/alone.js'), 'network', '1', String(images), settings.images, config];
      const { costMs } = await measureIn<{ costMs: number }>(process.execPath, words);
      rates.push(1000 / costMs);
    }
    return rates;
  });
  const nameOf = (at: number): string => String(ways[at]!['name']);
  return {
    title: 'Runtimes: HarDNet-39DS int8, network alone, one thread',
    rows: [
      ...ways.map((_, at) =>
        row(
          nameOf(at),
          'images/s',
          rounds.map((rates) => rates[at]!),
        ),
      ),
      ...ways.slice(1).map((_, at) =>
        row(
          `${nameOf(at + 1)} / onnxruntime`,
          'times',
          rounds.map((rates) => rates[at + 1]! / rates[0]!),
          2,
        ),
      ),
    ],
    notes: [`${images} images a round; onnxruntime in batches of 4, the TFLite file one by one.`],
  };
}
