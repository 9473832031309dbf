import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import type { Command } from 'commander';

import { packageFolder } from '../../domain/package-folder.js';
import { ConfigError } from '../../domain/errors.js';
import { madeConfig } from '../../jobs/quick/made-config.js';
import { writeAtomically } from '../../report/atomic-file.js';
import { exitCode, type ExitCode } from '../exit.js';
import { withQuickOptions, type QuickFlags } from '../quick-options.js';
import { plan } from '../quick-run.js';
import { terminal } from '../terminal.js';

interface InitFlags extends QuickFlags {
  readonly out: string;
  readonly from?: string;
  readonly force: boolean;
}

export function addInit(program: Command, finish: (code: ExitCode) => void): void {
  withQuickOptions(program.command('init').argument('[models...]', 'model files'))
    .option('--from <dir>', 'report folder of the run; default: the newest in reports/')
    .option('--out <file>', 'the config to write', 'imagenet-eval.yaml')
    .option('--force', 'overwrite the file', false)
    .action(async (models: string[], flags: InitFlags) => {
      finish(await init(models, flags));
    });
}

async function init(models: readonly string[], flags: InitFlags): Promise<ExitCode> {
  const { out } = flags;
  if (existsSync(out) && !flags.force) {
    throw new ConfigError({
      code: 'file-exists',
      what: 'there is such a file already',
      where: out,
      remedy: 'Give another name with --out, or --force to overwrite it.',
    });
  }
  const text = models.length > 0 ? ((await plan(models, flags, null))?.text ?? null) : lastRun(flags.from);
  if (text === null) return exitCode.stopped;
  await writeAtomically(out, [`# yaml-language-server: $schema=${schemaPath(out)}\n${text}`]);
  terminal.print(`${out}\nRun it: imagenet-eval run ${out}`);
  return exitCode.pass;
}

/** The config that the newest run without one has left. */
function lastRun(folder: string | undefined): string {
  const candidates =
    folder === undefined
      ? (existsSync('reports') ? readdirSync('reports') : []).map((name) => join('reports', name, madeConfig))
      : [join(folder, madeConfig)];
  const [newest] = candidates
    .filter((file) => existsSync(file))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest !== undefined) return readFileSync(newest, 'utf8');
  throw new ConfigError({
    code: 'no-quick-run',
    what: 'no run without a config has left one here',
    where: folder ?? 'reports',
    remedy:
      'Measure something first: imagenet-eval run float.onnx int8.onnx --images FOLDER; or give init the same.',
  });
}

/** Where the editor finds the schema: relative to the config where the package lies under its folder. */
function schemaPath(config: string): string {
  const schema = join(packageFolder, 'docs', 'config.schema.json');
  const near = relative(dirname(resolve(config)), schema);
  return near.startsWith('..') ? schema : near.split(sep).join('/');
}
