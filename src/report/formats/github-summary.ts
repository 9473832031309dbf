import { shownIn, type ReportDocument, type Tone } from '../document/document.js';
import { markdownParts } from '../document/markdown.js';
import { plain } from '../document/markdown-text.js';

/** GitHub takes a step summary of 1 MiB at most and drops a longer one whole. */
const LARGEST = 1_000_000;

const marks = { pass: '✅', above: '✅', fail: '❌', none: '❔', caution: '❔' } as const satisfies Record<
  Tone,
  string
>;

/** A document as a GitHub step summary, its verdict as a mark, cut at a paragraph where it would be too long. */
export function stepSummary(document: ReportDocument, tone: Tone): string {
  const parts = [
    `## ${marks[tone]} ${plain(document.title)}`,
    ...markdownParts(shownIn('markdown', document)),
  ];
  let text = '';
  for (const part of parts) {
    if (text.length + part.length > LARGEST)
      return `${text}The rest is too long for a step summary: it is in the report.\n`;
    text += `${part}\n\n`;
  }
  return text;
}
