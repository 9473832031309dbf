import { mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureIn } from '../run/child.js';
import { repeatImages } from '../run/images.js';
import type { WholeRun } from '../run/whole-run.js';

export type Which = 'float' | 'int8' | 'both';

export const whiches = ['float', 'int8', 'both'] as const;

export interface Settings {
  readonly images: string;
  readonly float: string;
  readonly int8: string;
  readonly rounds: number;
  readonly cores: number;
  /** Where data sets of links, and runs' folders, are put. */
  readonly scratch: string;
  readonly say: (text: string) => void;
}

/** What every part of the bench works with: configs, data sets of any size, and a watched run. */
export class Context {
  private readonly folders = new Map<number, string>();
  private outs = 0;
  readonly scratch: string;

  constructor(readonly settings: Settings) {
    this.scratch = mkdtempSync(join(settings.scratch, 'imagenet-eval-bench-'));
    for (const which of whiches) writeFileSync(this.config(which), configText(settings, which));
  }

  config(which: Which): string {
    return join(this.scratch, `${which}.yaml`);
  }

  /** Folder of `count` images. */
  dataset(count: number): string {
    let folder = this.folders.get(count);
    if (folder === undefined) {
      folder = join(this.scratch, `images-${count}`);
      repeatImages(this.settings.images, folder, count);
      this.folders.set(count, folder);
    }
    return folder;
  }

  /** A run of the product; `command` goes before Node's, e.g. to bind it to one core. */
  whole(
    which: Which,
    images: number,
    workers = this.settings.cores,
    command: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<WholeRun> {
    const out = join(this.scratch, `out-${++this.outs}`);
    const words = [
      ...command,
      process.execPath,
      compiled('run/whole.js'),
      this.config(which),
      out,
      this.dataset(images),
      String(workers),
    ];
    return measureIn<WholeRun>(words[0]!, words.slice(1), environment);
  }

  /** Rounds one after the other, each with all of its measurements in turn. */
  async rounds<T>(name: string, measure: () => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    for (let round = 1; round <= this.settings.rounds; round++) {
      this.settings.say(`${name}: round ${round} of ${this.settings.rounds}`);
      results.push(await measure());
    }
    return results;
  }
}

/** A program of the bench beside this one, as compiled. */
export function compiled(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

function configText({ images, float, int8 }: Settings, which: Which): string {
  const models = {
    float: [['float', float]],
    int8: [['int8', int8]],
    both: [
      ['float', float],
      ['int8', int8],
    ],
  };
  return [
    `dataset: { images: ${JSON.stringify(resolve(images))}, labels: filenames, subset: true }`,
    'recipe: timm-bicubic-256-224',
    'models:',
    ...models[which].map(([name, path]) => `  - { name: ${name!}, path: ${JSON.stringify(resolve(path!))} }`),
    '',
  ].join('\n');
}
