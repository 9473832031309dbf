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
  let text = parts[0]!;
  values.forEach((value, index) => {
    text += textOf(value) + parts[index + 1]!;
  });
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return escapeHtml(String(content));
}
