/** Text that is HTML already. Only `html` and `trusted` make it, so whatever else is put into a page is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = string | number | Markup | null | false | readonly Content[];

/** HTML that this program made itself: style, script, drawings. Never text from outside. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** Escaped for element content and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** Template for markup: every value is escaped unless it is `Markup`; lists are joined, null and false are nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const fixed = compact(parts);
  let text = fixed[0]!;
  values.forEach((value, index) => {
    text += textOf(value) + fixed[index + 1]!;
  });
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return escapeHtml(String(content));
}

/** A template's own text, its line breaks and indents made one space each: it is laid out for readers of the source. */
function compact(parts: TemplateStringsArray): readonly string[] {
  let known = compacted.get(parts);
  if (known === undefined) {
    known = parts.map((part) => part.replace(/\s*\n\s*/g, ' '));
    compacted.set(parts, known);
  }
  return known;
}

const compacted = new WeakMap<TemplateStringsArray, readonly string[]>();

/** A sentence in which no line ends between a number and its per cent sign. */
export function prose(sentence: string): string {
  return sentence.replace(/(\d) %/g, '$1\u00a0%');
}
