import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | boolean | null;

/** Rows in one piece of text; also about as many as a reader's buffer holds. */
const PIECE = 4096;

/**
 * CSV as RFC 4180 has it but for the line ends, which are LF: a header, then one line a row; null is an empty field,
 * truth is 1 or 0. Numbers are written as given: text from outside goes through `safeText` first.
 */
export function* csv(header: readonly string[], rows: Iterable<readonly CsvCell[]>): Generator<string> {
  let piece: (readonly CsvCell[])[] = [header];
  for (const row of rows) {
    piece.push(row);
    if (piece.length === PIECE) {
      yield text(piece);
      piece = [];
    }
  }
  if (piece.length > 0) yield text(piece);
}

function text(rows: (readonly CsvCell[])[]): string {
  return stringify(rows, { cast: { boolean: (value) => (value ? '1' : '0') } });
}

/**
 * Text from outside (file, class and model names) as a spreadsheet may open it: a name that begins with = + - @ TAB
 * CR or ' gets a ' in front, so that it is no formula. `originalText` takes exactly that away again.
 */
export function safeText(name: string): string {
  return /^[=+\-@\t\r']/.test(name) ? `'${name}` : name;
}

/** The name that `safeText` was given. */
export function originalText(field: string): string {
  return field.startsWith("'") ? field.slice(1) : field;
}
