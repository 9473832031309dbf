import type { Command } from 'commander';

import { cacheFolder } from '../../domain/cache-location.js';
import { ConfigError } from '../../domain/errors.js';
import { bytes } from '../../report/figures.js';
import {
  listCache,
  removeFromCache,
  type CachedModel,
  type CacheSelection,
} from '../../store/cache-folder.js';
import { exitCode, type ExitCode } from '../exit.js';
import { showText, tell } from '../output.js';
import { nonNegativeInteger } from '../run-options.js';
import { printable } from '../terminal.js';

const DAY_MS = 86_400_000;

export function addCache(program: Command, finish: (code: ExitCode) => void): void {
  const cache = program.command('cache');
  cache
    .command('ls')
    .description('list what is kept, last used first')
    .action(async () => {
      const models = await listCache(cacheFolder());
      const head = `${cacheFolder()}: ${models.length === 0 ? 'empty' : `${models.length} entries`}`;
      showText([head, ...models.map((model) => printable(line(model)))].join('\n'), models);
      finish(exitCode.pass);
    });
  cache
    .command('rm')
    .description('remove all of it, one model, or what was not used for some days')
    .option('--all', 'everything', false)
    .option('--model <sha256>', 'everything of the model file whose SHA-256 begins so')
    .option('--unused <days>', 'what was not used for so many days', nonNegativeInteger)
    .action(async (flags: { all: boolean; model?: string; unused?: number }) => {
      const removed = await removeFromCache(cacheFolder(), selection(flags));
      for (const model of removed) tell(printable(line(model)));
      showText(`${removed.length} removed`, removed);
      finish(exitCode.pass);
    });
}

function selection(flags: { all: boolean; model?: string; unused?: number }): CacheSelection {
  const chosen: CacheSelection[] = [];
  if (flags.all) chosen.push({ kind: 'all' });
  if (flags.model !== undefined) chosen.push({ kind: 'model', sha256Prefix: flags.model });
  if (flags.unused !== undefined)
    chosen.push({ kind: 'unused-since', date: new Date(Date.now() - flags.unused * DAY_MS) });
  const [only] = chosen;
  if (only !== undefined && chosen.length === 1) return only;
  throw new ConfigError({
    code: 'cache-selection',
    what: 'expected exactly one of --all, --model and --unused',
    where: 'cache rm',
    remedy: '`imagenet-eval cache ls` shows what there is.',
  });
}

function line({ note, key, predictions, oldFiles, bytes: size, lastUsed }: CachedModel): string {
  const old =
    oldFiles === 0
      ? ''
      : `; ${oldFiles} of its files are of an older version, which nothing reads any more: \`cache rm\` removes them`;
  const what =
    note === null
      ? `(no note) key ${key.slice(0, 12)}`
      : `${note.model}, recipe ${note.recipe ?? 'spelled out'}, ${note.parts.runtime}, model ${note.parts.model.slice(0, 12)}`;
  return `  ${what}: ${predictions} predictions, ${bytes(size)}, last used ${lastUsed.toISOString().slice(0, 10)}${old}`;
}
