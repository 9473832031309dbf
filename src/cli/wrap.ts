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

function wrappedLine(line: string, columns: number): string {
  if (line.length <= columns) return line;
  const [indent] = /^(?:\s*-\s|[\w-]+\s{2,}|\s*)/.exec(line)!;
  const room = columns - indent.length;
  if (room < 20) return wrapAnsi(line, columns, { trim: false });
  const rest = wrapAnsi(line.slice(indent.length), room, { hard: true });
  return indent + rest.split('\n').join(`\n${' '.repeat(indent.length)}`);
}
