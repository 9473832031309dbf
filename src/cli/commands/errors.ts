import type { Command } from 'commander';

import { errorCodes, type ErrorMeaning } from '../../domain/error-codes.js';
import { ConfigError } from '../../domain/errors.js';
import { didYouMean } from '../../yaml/suggest.js';
import { exitCode, type ExitCode } from '../exit.js';
import { showText } from '../output.js';
import { terminal } from '../terminal.js';

export function addErrors(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('errors')
    .argument('[code]', 'the code of one, as a message has it in brackets')
    .option('--markdown', 'as a reference: docs/errors.md', false)
    .action((code: string | undefined, { markdown }: { markdown: boolean }) => {
      if (markdown) terminal.print(errorsReference());
      else if (code === undefined) showText(errorsText(), Object.fromEntries(all));
      else {
        const meaning = meaningOf(code);
        showText(`${meaning.cause}\n${meaning.remedy}`, { code, ...meaning });
      }
      finish(exitCode.pass);
    });
}

const all: readonly (readonly [code: string, meaning: ErrorMeaning])[] = Object.values(errorCodes).flatMap(
  (group) => Object.entries(group),
);

function errorsText(): string {
  return all.map(([code, { cause }]) => `${code}\n  ${cause}`).join('\n');
}

function meaningOf(code: string): ErrorMeaning {
  const found = all.find(([known]) => known === code);
  if (found !== undefined) return found[1];
  const codes = all.map(([known]) => known);
  throw new ConfigError({
    code: 'code-unknown',
    what: `no error has the code "${code}".${didYouMean(code, codes)}`,
    where: null,
    remedy: '`imagenet-eval errors` lists them.',
  });
}

/** docs/errors.md is this text; a test holds the two together. */
export function errorsReference(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  return [
    '# Error codes',
    '',
    'Written by `imagenet-eval errors --markdown` from `src/domain/error-codes.ts`. A message ends with its code in brackets, or begins',
    'with it: `error [invalid-config]`; `summary.json` has the codes of bad images. Programs may rely on codes; texts may change.',
    ...Object.entries(errorCodes).flatMap(([title, group]) => [
      '',
      `## ${title}`,
      '',
      '| code | cause | what to do |',
      '|---|---|---|',
      ...Object.entries(group).map(
        ([code, { cause, remedy }]) => `| \`${code}\` | ${cell(cause)} | ${cell(remedy)} |`,
      ),
    ]),
  ].join('\n');
}
