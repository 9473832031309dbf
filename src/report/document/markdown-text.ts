/**
 * A cell or phrase of GitHub-flavoured Markdown: text from outside stays text, on one line.
 * @param ends whether spaces at its ends are kept, as between the pieces of a sentence
 */
export function plain(text: string, ends: 'trim' | 'keep' = 'trim'): string {
  const escaped = text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]|~]|^[#+-]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
  return ends === 'trim' ? escaped.trim() : escaped;
}

/** A code span that holds any text: fenced by more backticks than it has in a row; a pipe is escaped for tables. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/\|/g, '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
}

/** A table; cells must have gone through `plain` or `code` where they hold text from outside. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map((column) => column.head)),
    line(columns.map((column) => (column.align === 'right' ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** A code block of a shell command, fenced by more backticks than it has in a row. */
export function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}sh\n${text}\n${ticks}`;
}
