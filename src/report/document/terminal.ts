import {
  richCell,
  shownIn,
  wordsOf,
  type Block,
  type Cell,
  type ReportDocument,
  type TableBlock,
} from './document.js';

/** A document for a terminal: what it is about in short, its answer last, where the eye is. */
export function renderTerminal(document: ReportDocument): string {
  const sections = shownIn('terminal', document);
  const answers = sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === 'answer'));
  const parts = sections.flatMap(({ blocks }) =>
    blocks.filter((block) => block.kind !== 'answer').flatMap(blockText),
  );
  return [...parts, ...answers.flatMap(({ said, more }) => [[...more, said].join('\n')])]
    .map((part) => `\n${part}`)
    .join('\n');
}

function blockText(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph':
      return [wordsOf(block.text)];
    case 'heading':
      return [block.text];
    case 'answer':
      return [[block.said, ...block.more].join('\n')];
    case 'list':
      return block.items.length === 0 ? [] : [block.items.map((item) => `- ${wordsOf(item)}`).join('\n')];
    case 'notice':
      return [`${block.title}: ${wordsOf(block.text)}`];
    case 'table':
      return [tableText(block)];
    case 'facts':
      return [block.rows.map(([name, value]) => `${name}: ${wordsOf(value)}`).join('\n')];
    case 'command':
      return [`${block.said}\n${block.command}`];
    case 'panel':
    case 'row':
      return block.blocks.flatMap(blockText);
    case 'only':
    case 'chart':
    case 'page':
      return [];
  }
}

/** Columns as wide as their widest cell, two spaces between them; numbers to the right. */
function tableText({ columns, rows }: TableBlock): string {
  const kept = columns.map((column, at) => ({ ...column, at })).filter(({ wide }) => wide !== true);
  const lines = [
    kept.map(({ head }) => head),
    ...rows.map((row) => kept.map(({ at }) => cellText(row[at]!))),
  ];
  const widths = kept.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  return lines
    .map((line) =>
      line
        .map((text, at) =>
          kept[at]!.numeric === true ? text.padStart(widths[at]!) : text.padEnd(widths[at]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellText(cell: Cell): string {
  const { text, note } = richCell(cell);
  return note === undefined || wordsOf(note) === '' ? wordsOf(text) : `${wordsOf(text)} (${wordsOf(note)})`;
}
