import type { Command } from 'commander';

import { cacheFolder } from '../../domain/cache-location.js';
import { fetchModel } from '../../model/fetch.js';
import { loadModelManifest, shippedModels } from '../../model/manifest.js';
import { byteView } from '../count-view.js';
import { exitCode, type ExitCode } from '../exit.js';
import { outputFlags } from '../output-flags.js';
import { showText } from '../output.js';
import { printable, terminal } from '../terminal.js';

export function addFetch(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('fetch')
    .argument('<manifest>', `a path, or a shipped one: ${shippedModels().join(', ')}`)
    .action(async (nameOrPath: string) => {
      const manifest = await loadModelManifest(nameOrPath);
      const view = byteView(terminal, 'fetching');
      try {
        const fetched = await fetchModel(manifest, {
          cacheDir: cacheFolder(),
          onProgress: view.update,
          onNotice: (message) => {
            terminal.note(printable(message));
          },
        });
        view.stop();
        const { path, bytes, sha256, cached } = fetched;
        showText(
          printable(
            outputFlags().quiet
              ? path
              : `${path}\n${bytes} bytes, sha256 ${sha256}${cached ? ', was there already' : ', verified'}`,
          ),
          fetched,
        );
        finish(exitCode.pass);
      } finally {
        view.stop();
      }
    });
}
