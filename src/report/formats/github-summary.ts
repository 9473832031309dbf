import type { GateReport } from '../gate-schema.js';
import { gateOutcome } from '../gate-schema.js';
import { gatesMarkdown } from './gates-markdown.js';

/** GitHub takes a step summary of 1 MiB at most and drops a longer one whole. */
const LARGEST = 1_000_000;

/** A GitHub step summary of the gates; `more` is Markdown that follows, cut at a paragraph where it would be too long. */
export function stepSummary(report: GateReport, more: readonly string[] = []): string {
  const mark = { pass: '✅', fail: '❌', undecided: '❔' }[gateOutcome(report)];
  const parts = [`## ${mark} Accuracy gates`, ...gatesMarkdown(report), ...more];
  let text = '';
  for (const part of parts) {
    if (text.length + part.length > LARGEST)
      return `${text}The rest is too long for a step summary: see check.md.\n`;
    text += `${part}\n\n`;
  }
  return text;
}
