import type { ReportDocument, Section } from '../document/document.js';
import { counted } from '../figures.js';
import { answerOf } from '../answer.js';
import { answerSection } from '../sections/answer.js';
import { differenceFigure } from '../sections/difference.js';
import { classesSection } from '../sections/classes.js';
import { comparisonSections } from '../sections/comparison.js';
import { filesSection } from '../sections/files.js';
import { gatesSection } from '../sections/gates.js';
import { imagesSection } from '../sections/images.js';
import { measuredSection } from '../sections/measured.js';
import { accuracyFigure, modelTable } from '../sections/models.js';
import { runningSection, scoresSection } from '../sections/scores.js';
import type { Report } from '../report.js';
import { notices, titleOf } from '../wording.js';

/**
 * A finished run: report.html, report.md and what the terminal prints. A section more is a line here.
 * @param files beside the page, for its list
 */
export function runDocument(report: Report, files: readonly string[] = []): ReportDocument {
  const { summary } = report;
  const { dataset, run } = summary;
  return {
    title: titleOf(summary),
    lead: `${dataset.description}, ${counted(dataset.images, 'image')} · ${dateOf(run.startedAt)}`,
    sections: [
      answerSection(answerOf(summary), [modelTable(summary)], notices(summary), dataset.badImages),
      figuresSection(report),
      ...gatesSection(summary.gates),
      ...comparisonSections(report),
      ...(report.more ?? []),
      imagesSection(report),
      classesSection(report),
      runningSection(report),
      scoresSection(report),
      measuredSection(summary),
      filesSection(files),
    ],
  };
}

/** The drawing of the main figure: the difference where models are compared, accuracy beside what is documented. */
function figuresSection({ summary }: Report): Section {
  const figures = [differenceFigure(summary), accuracyFigure(summary)].filter((figure) => figure !== null);
  return { id: 'figures', heading: null, faces: 'page', blocks: figures };
}

/** `2026-11-26 10:00 UTC`. */
export function dateOf(iso: string): string {
  return iso.replace('T', ' ').replace(/(:\d\d)(:\d\d)?(\.\d+)?Z$/, '$1 UTC');
}
