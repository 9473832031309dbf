import { printable } from './printable.js';
import {
  richCell,
  shownIn,
  wordsOf,
  type Text,
  type Block,
  type Cell,
  type ReportDocument,
  type TableBlock,
  type Tone,
} from './document.js';

/** What a terminal can show, and what its reader asked for. */
export interface TerminalFace {
  /** Width in columns; null where it is no terminal, and lines may be as long as they like. */
  readonly columns: number | null;
  /** Colours the words of a verdict; the identity where there are no colours. */
  readonly paint: (text: string, tone: Tone) => string;
  /** Rules and details too. */
  readonly verbose: boolean;
}

export const plainFace: TerminalFace = { columns: null, paint: (text) => text, verbose: false };

const signs = { pass: '✓ ', fail: '✗ ', above: '', none: '', caution: '' } as const satisfies Record<
  Tone,
  string
>;

/** A document for a terminal: its answer first and last, where the eye is; `footer` stands before the last line. */
export function renderTerminal(
  document: ReportDocument,
  face: TerminalFace = plainFace,
  footer: readonly string[] = [],
): string {
  const sections = shownIn('terminal', document);
  const answers = sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === 'answer'));
  const said = answers.map((block) => face.paint(printable(`${signs[block.tone]}${block.said}`), block.tone));
  const parts = sections.flatMap(({ blocks }) =>
    blocks.filter((block) => block.kind !== 'answer').flatMap((block) => blockText(block, face)),
  );
  const end = answers.flatMap(({ more }) => more.map(printable));
  return [...said, ...parts, ...footer, [...end, ...said].join('\n')]
    .filter((part) => part !== '')
    .map((part) => `\n${part}`)
    .join('\n');
}

/** The answer alone, in a line. */
export function answerLine(document: ReportDocument, face: TerminalFace = plainFace): string {
  const blocks = document.sections.flatMap((section) => section.blocks);
  return blocks
    .filter((block) => block.kind === 'answer')
    .map(({ said, tone }) => face.paint(printable(`${signs[tone]}${said}`), tone))
    .join('\n');
}

function blockText(block: Block, face: TerminalFace): string[] {
  switch (block.kind) {
    case 'paragraph':
      return [words(block.text)];
    case 'heading':
      return [printable(block.text)];
    case 'answer':
      return [printable([block.said, ...block.more].join('\n'))];
    case 'list':
      return block.items.length === 0 ? [] : [block.items.map((item) => `- ${words(item)}`).join('\n')];
    case 'notice':
      return [`${printable(block.title)}: ${words(block.text)}`];
    case 'table':
      return [tableText(block, face)];
    case 'facts':
      return [block.rows.map(([name, value]) => `${printable(name)}: ${words(value)}`).join('\n')];
    case 'command':
      return [printable(`${block.said}\n${block.command}`)];
    case 'panel':
      return [printable(block.heading), ...block.blocks.flatMap((inner) => blockText(inner, face))];
    case 'row':
      return block.blocks.flatMap((inner) => blockText(inner, face));
    case 'only':
      return block.faces === 'terminal' ? block.blocks.flatMap((inner) => blockText(inner, face)) : [];
    case 'chart':
    case 'page':
      return [];
  }
}

/**
 * Columns as wide as their widest cell, two spaces between them, numbers to the right. A table that is wider than the
 * terminal becomes a list: a row's head, and its cells below it with their columns' names, empty ones left out.
 */
function tableText({ columns, rows }: TableBlock, { columns: room, verbose, paint }: TerminalFace): string {
  const kept = columns
    .map((column, at) => ({ ...column, at }))
    .filter(({ wide }) => wide !== true || verbose);
  const texts = rows.map((row) => kept.map(({ at }) => cellText(row[at]!, verbose)));
  const painted = (text: string, row: readonly Cell[], at: number): string => {
    const { badge } = richCell(row[kept[at]!.at]!);
    return badge === undefined ? text : paint(text, badge);
  };
  const heads = kept.map(({ head }) => printable(head));
  const widths = kept.map((_, at) => Math.max(...[heads, ...texts].map((line) => line[at]!.length)));
  const width = widths.reduce((sum, one) => sum + one + 2, -2);
  if (room !== null && width > room)
    return rows
      .map((row, place) =>
        texts[place]!.flatMap((text, at) =>
          text === '' ? [] : at === 0 ? [text] : [`  ${heads[at]!}: ${painted(text, row, at)}`],
        ).join('\n'),
      )
      .join('\n');
  const padded = (text: string, at: number): string =>
    kept[at]!.numeric === true ? text.padStart(widths[at]!) : text.padEnd(widths[at]!);
  return [
    heads.map(padded).join('  ').trimEnd(),
    ...rows.map((row, place) =>
      texts[place]!.map((text, at) => painted(padded(text, at), row, at))
        .join('  ')
        .trimEnd(),
    ),
  ].join('\n');
}

function cellText(cell: Cell, verbose: boolean): string {
  const { text, note, detail } = richCell(cell);
  const more = [note, verbose ? detail : undefined]
    .filter((one) => one !== undefined)
    .map(words)
    .filter((words) => words !== '');
  return more.length === 0 ? words(text) : `${words(text)} (${more.join('; ')})`;
}

function words(text: Text): string {
  return printable(wordsOf(text));
}
