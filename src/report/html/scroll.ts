import { html, type Markup } from './markup.js';

/** A table that may be wider than the screen: it scrolls by itself, by keyboard too, and the page doesn't. */
export function scroll(label: string, table: Markup): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`;
}
