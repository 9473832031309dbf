import type { Extent, LayeredSpec } from '../charts/draw.js';
import type { Address } from '../../page/filter.js';
import type { Markup } from './markup.js';

/**
 * A report as a document, said once: `html.ts`, `markdown.ts` and `terminal.ts` render it. Texts are plain; each face
 * escapes them its own way.
 */
export interface ReportDocument {
  readonly title: string;
  /** A line below the title: what was measured, when. */
  readonly lead: string | null;
  readonly sections: readonly Section[];
}

/** Where something is shown: in the page only, in the page and in Markdown, or in the terminal too. */
export type Faces = 'page' | 'written' | 'everywhere';

export interface Section {
  /** Address within the page. */
  readonly id: string;
  /** null: its blocks stand without a heading. */
  readonly heading: string | null;
  /** Its name in the page's bar; left out: it is not there. */
  readonly nav?: string;
  readonly faces: Faces;
  readonly blocks: readonly Block[];
}

/** A section of the page alone, whose blocks are made when it is rendered: the other faces don't pay for them. */
export function pageSection(
  head: Pick<Section, 'id' | 'heading' | 'nav'>,
  make: () => readonly Block[],
): Section {
  return {
    ...head,
    faces: 'page',
    get blocks() {
      return make();
    },
  };
}

/** A text, or pieces of one of which some are code, strong, or lead to images or to a file beside the report. */
export type Text = string | readonly Piece[];
export type Piece =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly text: string; readonly door: Door }
  | { readonly text: string; readonly file: string };

/** The list of images that a mark of the page stands for, as the address within the page that shows it. */
export type Door = Address;

/** How something is meant; the page gives each a colour and a sign. */
export const tones = ['pass', 'fail', 'above', 'none', 'caution'] as const;
export type Tone = (typeof tones)[number];

export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text; readonly quiet?: boolean }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'answer'; readonly tone: Tone; readonly said: string; readonly more: readonly string[] }
  | {
      readonly kind: 'list';
      readonly label: string;
      readonly items: readonly Text[];
      readonly ordered?: boolean;
    }
  | NoticeBlock
  | TableBlock
  /** Names with their values. */
  | { readonly kind: 'facts'; readonly rows: readonly Fact[] }
  | { readonly kind: 'command'; readonly said: string; readonly command: string }
  | ChartBlock
  /** Blocks that belong together: a panel of the page, a part under a smaller heading elsewhere. */
  | PanelBlock
  /** Blocks side by side where there is room; one after another elsewhere. */
  | { readonly kind: 'row'; readonly blocks: readonly Block[] }
  /** Something that only the page can be: controls, a list of pictures. */
  | { readonly kind: 'page'; readonly markup: Markup }
  /** Shown in fewer places than its section. */
  | {
      readonly kind: 'only';
      readonly faces: Exclude<Faces, 'everywhere'> | 'markdown' | 'terminal';
      readonly blocks: readonly Block[];
    };

export type Fact = readonly [name: string, value: Text];

export interface NoticeBlock {
  readonly kind: 'notice';
  readonly tone: 'caution' | 'note';
  readonly title: string;
  readonly text: Text;
}

export interface PanelBlock {
  readonly kind: 'panel';
  readonly heading: string;
  /** Colour of the model at this place in the run. */
  readonly model?: number;
  readonly blocks: readonly Block[];
}

export interface TableBlock {
  readonly kind: 'table';
  /** What it holds, for those who can't see it. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** The first cell of a row is its head. */
  readonly rows: readonly (readonly Cell[])[];
  /** In the page, each of a few rows becomes a card: its second cell is written large. */
  readonly cards?: boolean;
  /** In the page, readers sort it by any column and search it by its first; it opens sorted by this one. */
  readonly sortable?: { readonly noun: string; readonly by: number; readonly first: number };
}

export interface Column {
  readonly head: string;
  readonly numeric?: boolean;
  /** Left out in the terminal, which is narrow. */
  readonly wide?: boolean;
  /** Holds names of files, which may break anywhere. */
  readonly breaks?: boolean;
  /** The first click sorts upwards: the worst first. */
  readonly worstFirst?: boolean;
}

export type Cell = Text | RichCell;

export interface RichCell {
  readonly text: Text;
  /** Beside the text, less loud; in brackets where there is no small print. */
  readonly note?: Text;
  /** The same for what a terminal has no room for. */
  readonly detail?: Text;
  /** What the column is sorted by. */
  readonly value?: number;
  readonly tone?: 'down' | 'up';
  /** Shown as a badge of this tone. */
  readonly badge?: Tone;
  /** Colour of the model at this place in the run. */
  readonly model?: number;
}

export interface ChartBlock {
  readonly kind: 'chart';
  readonly title: string;
  /** What the drawing shows, in a sentence with its figures: also its text alternative. */
  readonly caption: string;
  /** Null: the run has nothing to draw here. */
  readonly spec: LayeredSpec | null;
  /** Said where there is nothing to draw. */
  readonly empty: string;
  readonly extent: Extent;
  /** A second drawing for narrow screens, where one that shrinks would be hard to read. */
  readonly narrow?: Extent;
  readonly legend?: readonly { readonly sign?: string; readonly model?: number; readonly text: string }[];
}

/** The words of a text, without what distinguishes its pieces. */
export function wordsOf(text: Text): string {
  if (typeof text === 'string') return text;
  return text
    .map((piece) =>
      typeof piece === 'string'
        ? piece
        : 'code' in piece
          ? piece.code
          : 'strong' in piece
            ? piece.strong
            : piece.text,
    )
    .join('');
}

/** A cell with all its parts named. */
export function richCell(cell: Cell): RichCell {
  return typeof cell === 'object' && 'text' in cell ? cell : { text: cell };
}

/** Sections that a face shows. */
export function shownIn(face: 'page' | 'markdown' | 'terminal', { sections }: ReportDocument): Section[] {
  return sections.filter(
    ({ faces }) => faces === 'everywhere' || face === 'page' || (face === 'markdown' && faces === 'written'),
  );
}
