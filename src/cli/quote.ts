/** A word as a POSIX shell reads it back. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line that a shell reads back as these words. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}

/** The command of this process, as it can be typed again. */
export function typedCommand(): string {
  return shellCommand(['imagenet-eval', ...process.argv.slice(2)]);
}
