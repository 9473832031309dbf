/** Names under which the program is called. */
const programs = ['imagenet-eval', 'onnx-imagenet-eval'] as const;

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A command with the words that may follow it: subcommands and long options. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly words: readonly string[];
}

/** A script for a shell that completes commands, then their options, then files. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return `#compdef ${programs.join(' ')}\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case 'fish':
      return fish(commands);
  }
}

function bash(commands: readonly CompletedCommand[]): string {
  return [
    '_imagenet_eval() {',
    '  local word=${COMP_WORDS[COMP_CWORD]}',
    '  local words=""',
    '  case "${COMP_WORDS[1]}" in',
    ...commands.map(({ name, words }) => `    ${name}) words="${[...new Set(words)].join(' ')}" ;;`),
    '  esac',
    '  if [ "$COMP_CWORD" = 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$word"))`,
    '  else',
    '    COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '  fi',
    '}',
    ...programs.map((program) => `complete -o default -F _imagenet_eval ${program}`),
  ].join('\n');
}

function fish(commands: readonly CompletedCommand[]): string {
  return programs
    .flatMap((program) =>
      commands.flatMap(({ name, description, words }) => [
        `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
        ...[...new Set(words)].map((word) =>
          word.startsWith('--')
            ? `complete -c ${program} -n '__fish_seen_subcommand_from ${name}' -l ${word.slice(2)}`
            : `complete -c ${program} -n '__fish_seen_subcommand_from ${name}' -a ${word}`,
        ),
      ]),
    )
    .join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
