import { draw, type Extent, type LayeredSpec } from '../charts/draw.js';
import { MODEL_COLOURS } from '../../page/colours.js';
import {
  richCell,
  shownIn,
  wordsOf,
  type Block,
  type ChartBlock,
  type Column,
  type ReportDocument,
  type RichCell,
  type TableBlock,
  type Text,
  type Tone,
} from './document.js';
import { html, prose, trusted, type Content, type Markup } from './markup.js';
import { page } from './page.js';

const badgeSign = { pass: '✓', fail: '✗', above: '▲', none: '–', caution: '!' } as const satisfies Record<
  Tone,
  string
>;

/** Rows that become cards: with more models than this, a table compares them better. */
const CARDS = 2;

/** Columns that a phone has room for. */
const STACKED = 3;

/** A document as one HTML file that asks for nothing else; drawings are made one after another. */
export async function renderPage(document: ReportDocument): Promise<string> {
  const sections = shownIn('page', document);
  const parts: Markup[] = [];
  for (const { id, heading, blocks } of sections)
    parts.push(
      html`<section id="${id}">
        ${heading === null ? null : html`<h2>${heading}</h2>`}${await rendered(blocks)}
      </section>`,
    );
  const nav = sections.flatMap(({ id, nav: name }) => (name === undefined ? [] : [{ id, name }]));
  const lead = document.lead === null ? null : html`<p class="lead">${prose(document.lead)}</p>`;
  return page(
    document.title,
    nav,
    html`<h1>${document.title}</h1>
      ${lead}${parts}`,
  );
}

/** Notices that follow each other are one list. */
async function rendered(blocks: readonly Block[]): Promise<Markup[]> {
  const parts: Markup[] = [];
  let notices: Markup[] = [];
  const close = (): void => {
    if (notices.length > 0)
      parts.push(
        html`<ul class="notices" aria-label="What to know about these figures">
          ${notices}
        </ul>`,
      );
    notices = [];
  };
  for (const block of blocks)
    if (block.kind === 'notice')
      notices.push(
        html`<li class="${block.tone}">
          <strong>${block.title}</strong>
          <p>${textOf(block.text)}</p>
        </li>`,
      );
    else {
      close();
      parts.push(await blockOf(block));
    }
  close();
  return parts;
}

async function blockOf(block: Exclude<Block, { kind: 'notice' }>): Promise<Markup> {
  switch (block.kind) {
    case 'paragraph':
      return html`<p${block.quiet === true ? html` class="muted"` : null}>${textOf(block.text)}</p>`;
    case 'heading':
      return html`<h3>${block.text}</h3>`;
    case 'answer':
      return html`<div class="answer ${block.tone}">
        <p class="said">${prose(block.said)}</p>
        ${block.more.map((sentence) => html`<p>${prose(sentence)}</p>`)}
      </div>`;
    case 'list': {
      const items = block.items.map((item) => html`<li>${textOf(item)}</li>`);
      return block.ordered === true
        ? html`<ol class="steps" aria-label="${block.label}">
            ${items}
          </ol>`
        : html`<ul aria-label="${block.label}">
            ${items}
          </ul>`;
    }
    case 'facts':
      return html`<dl class="facts">
        ${block.rows.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${textOf(value)}</dd>`,
        )}
      </dl>`;
    case 'command':
      return html`<div class="command">
        <p>${block.said}</p>
        <pre tabindex="0">${block.command}</pre>
        <button type="button" class="ghost" data-copy hidden>Copy</button>
      </div>`;
    case 'panel':
      return html`<section class="panel">
        <h3>${dot(block.model)}${block.heading}</h3>
        ${await rendered(block.blocks)}
      </section>`;
    case 'row':
      return html`<div class="row">${await rendered(block.blocks)}</div>`;
    case 'only':
      return block.faces === 'markdown' || block.faces === 'terminal'
        ? html``
        : html`${await rendered(block.blocks)}`;
    case 'page':
      return block.markup;
    case 'chart':
      return chart(block);
    case 'table':
      return block.cards === true && block.rows.length <= CARDS ? cards(block) : table(block);
  }
}

function textOf(text: Text): Content {
  if (typeof text === 'string') return prose(text);
  return text.map((piece): Content => {
    if (typeof piece === 'string') return prose(piece);
    if ('code' in piece) return html`<code class="hash">${piece.code}</code>`;
    if ('strong' in piece) return html`<strong>${prose(piece.strong)}</strong>`;
    if ('file' in piece)
      return html`<a href="${piece.file}" ${piece.file.endsWith('.html') ? null : html` download`}
        >${piece.text}</a
      >`;
    return html`<a href="${piece.door}">${prose(piece.text)}</a>`;
  });
}

/** The dot that carries a model's colour through the page. */
function dot(model: number | undefined): Markup | null {
  return model === undefined
    ? null
    : html`<span class="dot m${model % MODEL_COLOURS}" aria-hidden="true"></span> `;
}

function badge(tone: Tone, text: Text): Markup {
  return html`<span class="badge ${tone}">${badgeSign[tone]} ${textOf(text)}</span>`;
}

function inside({ text, note, detail, badge: tone, model }: RichCell): Content {
  return [
    dot(model),
    tone === undefined ? textOf(text) : badge(tone, text),
    note === undefined ? null : html` <small>${textOf(note)}</small>`,
    detail === undefined ? null : html` <small class="detail">${textOf(detail)}</small>`,
  ];
}

function table(block: TableBlock): Markup {
  const { label, columns, rows, sortable } = block;
  // On a phone, a table of many columns is read row by row: each cell under the name of its column.
  const stacked = sortable === undefined && columns.length > STACKED ? html` class="stacked"` : null;
  const drawn = html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table${stacked}>
      <thead>
        <tr>
          ${columns.map((column, at) => head(column, sortable === undefined ? null : { sorted: sortable.by === at }))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => tableCell(richCell(cell), columns[at]!, at, stacked !== null))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
  if (sortable === undefined) return html`<div class="panel">${drawn}</div>`;
  return html`<div class="panel" data-table="${sortable.first}" data-noun="${sortable.noun}">
    <div class="tools" data-tools hidden>
      <label>Search <input type="search" placeholder="name or WordNet id" autocomplete="off" /></label>
      <button type="button" class="ghost" data-more aria-expanded="false">Show all</button>
      <span class="told" data-count aria-live="polite"></span>
    </div>
    ${drawn}
  </div>`;
}

function head({ head: name, numeric, worstFirst }: Column, sort: { sorted: boolean } | null): Markup {
  if (name === '') return html`<td></td>`;
  const shown = [numeric === true ? 'num' : '', breaksAnywhere(name) ? 'breaks' : '']
    .filter(Boolean)
    .join(' ');
  return html`<th
    scope="col"
    ${shown === '' ? null : html` class="${shown}"`}${worstFirst === true ? html` data-first="up"` : null}${sort?.sorted === true ? html` aria-sort="ascending"` : null}
  >
    ${sort === null ? prose(name) : html`<button type="button">${prose(name)}</button>`}
  </th>`;
}

/** Letters from which on a word may break anywhere, so that no column grows beyond its page. */
const LONG = 16;

function breaksAnywhere(text: Text): boolean {
  return wordsOf(text)
    .split(/[\s-]+/)
    .some((word) => word.length > LONG);
}

function tableCell(cell: RichCell, column: Column, at: number, stacked: boolean): Markup {
  const names = [
    column.numeric === true ? 'num' : '',
    column.breaks === true || breaksAnywhere(cell.text) ? 'breaks' : '',
    cell.tone ?? '',
  ];
  const shown = names.filter((name) => name !== '').join(' ');
  const classes = shown === '' ? null : html` class="${shown}"`;
  const value = cell.value === undefined ? null : html` data-v="${Number(cell.value.toFixed(6))}"`;
  const name = stacked && wordsOf(cell.text) !== '' ? html` data-head="${column.head}"` : null;
  if (at === 0) return html`<th scope="row" ${classes}${name}>${inside(cell)}</th>`;
  return html`<td${classes}${value}${name}>${inside(cell)}</td>`;
}

/** Each row as a card: named by its first cell, its second written large, its badge at the top. */
function cards({ columns, rows }: TableBlock): Markup {
  return html`<div class="cards">
    ${rows.map((row) => {
      const [name, figure, ...rest] = row.map(richCell);
      const named = rest.map((cell, at) => ({ cell, column: columns[at + 2]! }));
      return html`<article class="card">
        <header>
          <h2>${dot(name!.model)}${textOf(name!.text)}</h2>
          ${named.map(({ cell }) => (cell.badge === undefined ? null : badge(cell.badge, cell.text)))}
        </header>
        <p class="figure">${textOf(figure!.text)}<small> ${columns[1]!.head}</small></p>
        ${figure!.note === undefined ? null : html` <small>${textOf(figure!.note)}</small>`}
        <dl>
          ${named
            .filter(({ cell }) => cell.badge === undefined && wordsOf(cell.text) !== '')
            .map(
              ({ cell, column }) =>
                html`<dt>${column.head}</dt>
                  <dd>${inside(cell)}</dd>`,
            )}
        </dl>
        ${named.map(({ cell }) => (cell.badge === undefined || cell.detail === undefined ? null : html`<p>${textOf(cell.detail)}</p>`))}
      </article>`;
    })}
  </div>`;
}

/** A chart with its title and caption; the drawing is one image with one text alternative. */
async function chart(block: ChartBlock): Promise<Markup> {
  const { title, caption, spec, extent, narrow, legend } = block;
  const told = html`<figcaption>
    <strong>${title}</strong>${prose(spec === null ? block.empty : caption)}
  </figcaption>`;
  if (spec === null) return html`<figure class="chart">${told}</figure>`;
  const label = `${title}. ${caption}`;
  const drawings =
    narrow === undefined
      ? html`<div class="drawing">${await image(spec, extent, label)}</div>`
      : html`<div class="drawing wide">${await image(spec, extent, label)}</div>
          <div class="drawing narrow">${await image(spec, narrow, label)}</div>`;
  const signs =
    legend === undefined
      ? null
      : html`<ul class="legend">
          ${legend.map(({ sign, model, text }) => html`<li>${dot(model)}${sign === undefined ? null : `${sign} `}${prose(text)}</li>`)}
        </ul>`;
  return html`<figure class="chart">${told}${drawings}${signs}</figure>`;
}

async function image(spec: LayeredSpec, extent: Extent, label: string): Promise<Markup> {
  const svg = await draw(spec, extent);
  return html`${trusted('<svg role="img" aria-label="')}${label}${trusted(svg.replace(/^<svg/, '"'))}`;
}
