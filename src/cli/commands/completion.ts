import { Argument, Command } from 'commander';

import { commands } from '../command-list.js';
import { completionScript, shells, type Shell } from '../completion-script.js';
import { exitCode, type ExitCode } from '../exit.js';
import { terminal } from '../terminal.js';

export function addCompletion(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      `
  bash   imagenet-eval completion bash > ~/.local/share/bash-completion/completions/imagenet-eval
  zsh    imagenet-eval completion zsh > "\${fpath[1]}/_imagenet-eval"
  fish   imagenet-eval completion fish > ~/.config/fish/completions/imagenet-eval.fish`,
    )
    .action(async (shell: Shell) => {
      const all = new Command();
      for (const { load } of Object.values(commands)) (await load())(all, finish);
      const common = program.options.map(({ long }) => long ?? '');
      const words = all.commands.map((command) => ({
        name: command.name(),
        description: commands[command.name()]!.description,
        words: [
          ...command.commands.map((inner) => inner.name()),
          ...[...command.options, ...command.commands.flatMap(({ options }) => options)].map(
            ({ long }) => long ?? '',
          ),
          ...common,
        ],
      }));
      terminal.print(completionScript(shell, words));
      finish(exitCode.pass);
    });
}
