import {
  richCell,
  shownIn,
  wordsOf,
  type Block,
  type Cell,
  type ReportDocument,
  type Section,
  type TableBlock,
  type Text,
} from './document.js';
import { code, fence, plain, table } from './markdown-text.js';

/** A document as GitHub-flavoured Markdown. */
export function renderMarkdown(document: ReportDocument): string {
  const lead = document.lead === null ? [] : [plain(document.lead)];
  return `${[`# ${plain(document.title)}`, ...lead, ...markdownParts(shownIn('markdown', document))].join('\n\n')}\n`;
}

/** Sections as Markdown paragraphs, for texts that have their own heading. */
export function markdownParts(sections: readonly Section[]): string[] {
  return sections.flatMap(({ heading, blocks }) => {
    const parts = blocks.flatMap((block) => blockParts(block, 3));
    return heading === null || parts.length === 0 ? parts : [`## ${plain(heading)}`, ...parts];
  });
}

function blockParts(block: Block, level: number): string[] {
  switch (block.kind) {
    case 'paragraph':
      return [textOf(block.text)];
    case 'heading':
      return [`${'#'.repeat(level)} ${plain(block.text)}`];
    case 'answer':
      return [`**${plain(block.said)}**`, ...block.more.map((sentence) => plain(sentence))];
    case 'list':
      return block.items.length === 0
        ? []
        : [
            block.items
              .map((item, at) => `${block.ordered === true ? `${at + 1}.` : '-'} ${textOf(item)}`)
              .join('\n'),
          ];
    case 'notice':
      return [
        `> [!${block.tone === 'caution' ? 'WARNING' : 'NOTE'}]\n> **${plain(block.title)}.** ${textOf(block.text)}`,
      ];
    case 'table':
      return [tableText(block)];
    case 'facts':
      return [
        table(
          [left('What'), left('Value')],
          block.rows.map(([name, value]) => [plain(name), textOf(value)]),
        ),
      ];
    case 'command':
      return [`${plain(block.said)}\n\n${fence(block.command)}`];
    case 'panel': {
      const parts = block.blocks.flatMap((inner) => blockParts(inner, level + 1));
      return parts.length === 0 ? [] : [`${'#'.repeat(level)} ${plain(block.heading)}`, ...parts];
    }
    case 'row':
      return block.blocks.flatMap((inner) => blockParts(inner, level));
    case 'only':
      return block.faces === 'page' || block.faces === 'terminal'
        ? []
        : block.blocks.flatMap((inner) => blockParts(inner, level));
    // A drawing's figures stand in the tables beside it.
    case 'chart':
    case 'page':
      return [];
  }
}

function left(head: string): { head: string; align: 'left' } {
  return { head, align: 'left' };
}

function tableText({ columns, rows }: TableBlock): string {
  return table(
    columns.map(({ head, numeric }) => ({ head: plain(head), align: numeric === true ? 'right' : 'left' })),
    rows.map((row) => row.map(cellText)),
  );
}

function cellText(cell: Cell): string {
  const { text, note, detail, badge } = richCell(cell);
  const words = textOf(text);
  const main = badge === 'fail' || badge === 'caution' ? `**${words}**` : words;
  const more = [note, detail].flatMap((part) =>
    part === undefined || wordsOf(part) === '' ? [] : [textOf(part)],
  );
  return more.length === 0 ? main : `${main} (${more.join('; ')})`.trim();
}

function textOf(text: Text): string {
  if (typeof text === 'string') return plain(text);
  return text
    .map((piece) => {
      if (typeof piece === 'string') return plain(piece, 'keep');
      if ('code' in piece) return code(piece.code);
      if ('file' in piece) return `[${plain(piece.text)}](${encodeURI(piece.file)})`;
      return 'strong' in piece ? `**${plain(piece.strong)}**` : plain(piece.text);
    })
    .join('');
}
