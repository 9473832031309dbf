import { accuracyFigure, answer } from '../html/answer.js';
import { classes } from '../html/classes.js';
import { downloads } from '../html/downloads.js';
import { gates } from '../html/gates.js';
import { gallery } from '../html/gallery.js';
import { html } from '../html/markup.js';
import { noticeList } from '../html/notice-list.js';
import { page } from '../html/page.js';
import { pairs } from '../html/pair.js';
import { provenance } from '../html/provenance.js';
import { runningFigures, scoreFigures, throughputFigure } from '../html/score-charts.js';
import type { Report, ReportFile } from '../report.js';

/** `report.html`: the report for people, in one file that needs no network. */
export async function htmlReport(report: Report): Promise<ReportFile[]> {
  return [{ path: 'report.html', content: [await htmlPage(report)] }];
}

export async function htmlPage(report: Report): Promise<string> {
  const { summary } = report;
  const { run, dataset, tool } = summary;
  const compared = summary.models.find((model) => model.comparison !== null);
  const nav = [
    { id: 'main', name: 'Result' },
    ...(compared === undefined ? [] : [{ id: `pair-${compared.slug}`, name: 'Comparison' }]),
    { id: 'running', name: 'Charts' },
    { id: 'gallery-title', name: 'Images' },
    { id: 'classes', name: 'Classes' },
    { id: 'measured', name: 'How measured' },
    { id: 'files', name: 'Files' },
  ];
  const main = html`${answer(summary)} ${noticeList(summary)} ${gates(summary)}
    <div class="charts one">${await accuracyFigure(summary)}</div>
    ${await pairs(report)}
    <h2 id="running">Top-1 while images are seen</h2>
    <p>In the order of the data set; the band is the 95 % interval of the images seen so far.</p>
    ${await runningFigures(report)}
    <h2 id="scores">What the scores are worth</h2>
    ${await scoreFigures(report)} ${gallery(report)} ${classes(report)}
    ${provenance(summary, await throughputFigure(report))} ${downloads(summary)}
    <footer>
      Made by ${tool.name} ${tool.version}. Intervals say how far the figure could lie for other images of the
      same kind; on these images the counts are exact.
    </footer>`;
  return page(`${run.title ?? dataset.description}: accuracy report`, nav, main);
}
