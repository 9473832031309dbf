import wrapAnsi from 'wrap-ansi';

/**
 * `text` broken at words so that no line is wider than `columns`; what continues a line stands under its text: behind the
 * label of `model    float: ...`, behind the mark of a list.
 */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrappedLine(line, columns))
    .join('\n');
}

/** `text` cut to `width` columns: a line that wraps would be drawn twice. */
export function fitted(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}\u2026`;
}

function wrappedLine(line: string, columns: number): string {
  if (line.length <= columns) return line;
  const [indent] = /^(?:\s*-\s|[\w-]+\s{2,}|\s*)/.exec(line)!;
  const room = columns - indent.length;
  if (room < 20) return wrapAnsi(line, columns, { trim: false });
  const rest = wrapAnsi(line.slice(indent.length), room, { hard: true });
  return indent + rest.split('\n').join(`\n${' '.repeat(indent.length)}`);
}
