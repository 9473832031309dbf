import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ImageId } from '../../src/domain/domain.js';
import { galleryChoice } from '../../src/report/gallery-choice.js';
import type { RunRecord } from '../../src/record/run-record.js';
import type { GateReport } from '../../src/report/gate-schema.js';
import { summarize } from '../../src/report/summary.js';
import { writeHistory } from '../../src/report/write-history.js';
import { writeReports } from '../../src/report/write-reports.js';
import { launch, noBrowser } from './browser.js';
import { pair, syntheticRun } from './synthetic-run.js';
import { scratch } from '../scratch.js';

if (noBrowser !== null) console.warn(`tests of report.html in a browser are skipped: ${noBrowser}`);

const markup = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>&amp;';
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const { dir } = scratch();

/** A run with everything that a page can hold: ties, bad images, ReaL labels, gates, hostile names. */
function everything(): RunRecord {
  const base = syntheticRun({
    images: 1500,
    classes: 60,
    models: [
      { ...pair[0]!, name: `float ${markup}` },
      { ...pair[1]!, compareWith: `float ${markup}` },
      { ...pair[1]!, name: 'int8 without a figure', documentedTop1: null, compareWith: `float ${markup}` },
    ],
  });
  return {
    ...base,
    run: { ...base.run, title: `Title ${markup}`, warnings: [`warning ${markup}`] },
    samples: base.samples.map((sample, at) => ({
      ...sample,
      id: at % 2 === 0 ? sample.id : `${markup}${sample.id}`,
    })),
    dataset: {
      ...base.dataset,
      subset: `a part ${markup}`,
      classes: base.dataset.classes.map((entry) => ({ ...entry, name: `${entry.name} ${markup}` })),
      badImages: [{ id: `bad ${markup}`, label: null, code: 'truncated', message: `cut short ${markup}` }],
    },
    realLabels: base.samples.map(({ label }, at) => (at % 9 === 0 ? [] : [label])),
  };
}

const gates: GateReport = {
  undecidedIs: 'fail',
  models: [
    {
      model: 'hardnet39ds int8',
      against: `float ${markup}`,
      verdicts: [
        {
          gate: 'max_top1_drop',
          status: 'fail',
          unit: 'points',
          limit: 0.5,
          measured: 1.2,
          interval: { lower: 0.6, upper: 1.8 },
          basis: 'interval',
          images: 1500,
          population: null,
          pWithin: 0.999,
          imagesToDecide: null,
          rule: `drop of at most 0.5 points; the interval over this part lies wholly beyond it; rule ${markup}`,
        },
      ],
      findings: [{ code: 'tied-scores', text: `found ${markup}` }],
    },
  ],
};

function startedOn(day: string, record: RunRecord): RunRecord {
  return { ...record, run: { ...record.run, startedAt: `${day}T10:00:00.000Z` } };
}

async function jpegs(ids: readonly ImageId[]): Promise<Map<ImageId, Uint8Array>> {
  const jpeg = await sharp({ create: { width: 128, height: 128, channels: 3, background: '#7a9' } })
    .jpeg()
    .toBuffer();
  return new Map(ids.map((id) => [id, jpeg]));
}

async function pageOf(record: RunRecord, name: string, judged?: GateReport): Promise<string> {
  const to = join(dir, name);
  const thumbnails = await jpegs(galleryChoice(record));
  await writeReports({ record, summary: summarize(record, judged && (() => judged)), thumbnails }, to, [
    'html',
  ]);
  return join(to, 'report.html');
}

it('report.html of 50 000 images and 4 models is below 3 MB', async () => {
  const large = syntheticRun({
    images: 50000,
    classes: 1000,
    models: [
      pair[0]!,
      pair[1]!,
      { ...pair[1]!, name: 'third', accuracy: 0.72 },
      { ...pair[1]!, name: 'fourth', accuracy: 0.7, step: 0.25 },
    ],
  });
  const { size } = await stat(await pageOf(large, 'large'));
  expect(size).toBeLessThan(3e6);
  expect(size).toBeGreaterThan(1e5);
});

describe.skipIf(noBrowser !== null)('report.html in Chromium', () => {
  let browser: Browser;
  let url = '';
  const noise: string[] = [];
  const asked: string[] = [];
  const open: Page[] = [];

  beforeAll(async () => {
    browser = await launch();
    url = pathToFileURL(await pageOf(everything(), 'everything', gates)).href;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((page) => page.close()));
    noise.length = 0;
    asked.length = 0;
  });
  afterAll(async () => {
    await browser.close();
  });

  async function visit(to: string, width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    open.push(page);
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) asked.push(request.url());
    });
    await page.goto(to);
    return page;
  }

  it('asks for nothing but itself and has nothing to complain about', async () => {
    await visit(url);
    expect(asked).toEqual([url]);
    expect(noise).toEqual([]);
  });

  it('has a policy that lets in nothing but its own style, script and pictures', async () => {
    const page = await visit(url);
    const policy = await page.getAttribute('meta[http-equiv=Content-Security-Policy]', 'content');
    expect(policy).toMatch(
      /^default-src 'none'; img-src data:; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    );
    const ran = await page.evaluate(
      `(() => {
        const script = document.createElement('script');
        script.textContent = 'window.hacked = 1';
        document.body.append(script);
        return 'hacked' in window;
      })()`,
    );
    expect(ran).toBe(false);
  });

  it('leaves markup in names text', async () => {
    const page = await visit(url);
    expect(await page.evaluate(`'hacked' in window`)).toBe(false);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    // The page's script, and the images as data.
    expect(await page.locator('script').count()).toBe(2);
    const text = await page.locator('body').innerText();
    expect(text).toContain(`Title ${markup}`);
    expect(text).toContain(`bad ${markup}`);
    expect(text).toContain(`rule ${markup}`);
    const html = await readFile(join(dir, 'everything', 'report.html'), 'utf8');
    expect(html).not.toContain('<img src=x');
    expect(html.match(/<script/g)).toHaveLength(2);
  });

  it.each(['light', 'dark'] as const)('has no fault that axe finds, in %s', async (scheme) => {
    const page = await visit(url, 1280, scheme);
    expect(await faults(page)).toEqual([]);
  });

  it('has no fault that axe finds on a phone', async () => {
    expect(await faults(await visit(url, 390))).toEqual([]);
  });

  // The policy refuses scripts of others, so axe comes by the debugger's door.
  async function faults(page: Page): Promise<string[]> {
    await page.evaluate(await readFile(axePath, 'utf8'));
    const found: unknown = await page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | ')))`,
    );
    return found as string[]; // The text above returns exactly that.
  }

  it('draws every chart with marks', async () => {
    const page = await visit(url);
    const charts = await page.locator('figure.chart').evaluateAll((figures) =>
      figures.map((figure) => ({
        title: figure.querySelector('strong')?.textContent ?? '',
        marks: figure.querySelectorAll('svg .role-mark :is(path, circle, line, text)').length,
        named: [...figure.querySelectorAll('svg')].every(
          (svg) => (svg.getAttribute('aria-label') ?? '').length > 20,
        ),
      })),
    );
    // Difference, accuracy beside the documented figures, classes a pair, running, two a model, throughput.
    expect(charts).toHaveLength(2 + 2 + 1 + 2 * 3 + 1);
    for (const chart of charts) {
      expect(chart.marks, chart.title).toBeGreaterThan(0);
      expect(chart.named, chart.title).toBe(true);
    }
  });

  it("names a scatter's classes where the pointer is", async () => {
    const page = await visit(url);
    const point = page.locator('figure.chart:has-text("Accuracy class by class") .wide [data-tip]').nth(3);
    await point.hover({ force: true });
    expect(await page.locator('#tip').innerText()).toMatch(/→ \d+ of \d+ images right$/);
  });

  it('sorts the classes by a column, both ways', async () => {
    const page = await visit(url);
    const first = (column: number): Promise<number> =>
      page
        .locator(`[data-table] tbody tr:visible td:nth-child(${column})`)
        .first()
        .evaluate((cell) => Number(cell.dataset.v));
    const shares = await page
      .locator('[data-table] tbody tr td:nth-child(3)')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.v)));
    const head = page.locator('[data-table] thead th').nth(2);
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await first(3)).toBe(Math.min(...shares));
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await first(3)).toBe(Math.max(...shares));
  });

  it('searches the classes and shows the first or all', async () => {
    const page = await visit(url);
    const visible = (): Promise<number> => page.locator('[data-table] tbody tr:visible').count();
    expect(await visible()).toBe(25);
    await page.getByRole('button', { name: 'Show all 60' }).click();
    expect(await visible()).toBe(60);
    await page.locator('[data-table]').getByRole('searchbox').fill('amber BADGER');
    expect(await visible()).toBe(1);
    await page.locator('[data-table]').getByRole('searchbox').fill('no such class');
    expect(await page.locator('[data-table] [data-count]').innerText()).toBe('0 of 0 found');
  });

  const cards = (page: Page) => page.locator('#image-list li');
  const told = (page: Page) => page.locator('#image-list [data-count]').innerText();

  it('filters and sorts the images, and keeps that in its address', async () => {
    const page = await visit(url);
    const list = page.locator('#image-list');
    await list.locator('[data-filter=kind]').selectOption('gained');
    await list.locator('[data-filter=model]').selectOption('hardnet39ds-int8');
    await list.locator('[data-filter=sort]').selectOption('name');
    const { gained } = summarize(everything()).models[1]!.comparison!.flips;
    await expect.poll(() => told(page)).toBe(`${Math.min(24, gained)} of ${gained} shown`);
    expect(new Set(await list.locator('.kind').allInnerTexts())).toEqual(new Set(['Gained']));
    const shown = await cards(page).allInnerTexts();
    const again = await visit(page.url());
    expect(await cards(again).allInnerTexts()).toEqual(shown);
    expect(await again.locator('[data-filter=kind]').inputValue()).toBe('gained');
    await again.locator('#image-list input').fill('no such image');
    await expect
      .poll(() => again.locator('#image-list').innerText())
      .toContain('No image fits these filters.');
  });

  it('opens the list of a class, of a pair of answers and of a mark of a chart', async () => {
    const page = await visit(url);
    const row = page.locator('[data-table] tbody tr').first();
    const images = await row.locator('td').first().innerText();
    await row.locator('a').click();
    await expect.poll(() => told(page)).toBe(`${Math.min(24, Number(images))} of ${images} shown`);
    const pair = page.locator('[aria-label^="Pairs of classes"] tbody tr a').first();
    const differing = await pair.innerText();
    await pair.click();
    await expect.poll(() => told(page)).toBe(`${differing} of ${differing} shown`);
    const bar = page.locator('.wide [data-door*="margin="]').nth(4);
    const tip = (await bar.getAttribute('data-tip'))!;
    await bar.dispatchEvent('click');
    await expect.poll(() => page.locator('#image-list .tools').innerText()).toContain('Margin from');
    expect(`${tip.replaceAll(',', '')} `).toContain(
      `: ${(await told(page)).replaceAll(',', '').split(' of ')[1]!.split(' ')[0]!} image`,
    );
  });

  it('opens a picture large, with the five best of every model, and goes to the next by its arrows', async () => {
    const page = await visit(url);
    await cards(page).first().locator('button').first().click();
    const viewer = page.locator('dialog.viewer');
    expect(await viewer.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);
    expect(await viewer.locator('ol.five').count()).toBe(3);
    expect(await viewer.locator('ol.five').first().locator('li').count()).toBe(5);
    expect(await faults(page)).toEqual([]);
    const first = page.url();
    await page.keyboard.press('ArrowRight');
    expect(page.url()).not.toBe(first);
    expect(await viewer.innerText()).toContain('2 of ');
    await page.keyboard.press('Escape');
    expect(await viewer.count()).toBe(0);
    const sent = await visit(first);
    expect(await sent.locator('dialog.viewer').getAttribute('aria-label')).toBe(
      await cards(sent).first().locator('.file').innerText(),
    );
  });

  it('changes its theme by hand', async () => {
    const page = await visit(url);
    const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    const button = page.getByRole('button', { name: /^Theme/ });
    await button.click();
    await button.click();
    expect(await button.innerText()).toBe('Theme: dark');
    expect(await ground()).not.toBe(light);
    await page.reload();
    expect(await button.innerText()).toBe('Theme: dark');
  });

  it.each([390, 768, 1280])('fits a width of %i', async (width) => {
    const page = await visit(url, width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect((await page.screenshot({ fullPage: true })).length).toBeGreaterThan(10000);
  });

  it('shows the verdict of each gate without scrolling', async () => {
    const page = await visit(url);
    const beyond = `(() => { const { scrollWidth, clientWidth } = document.querySelector('[aria-label="Gates"]'); return scrollWidth - clientWidth; })()`;
    expect(await page.evaluate(beyond)).toBe(0);
  });

  it('shows everything without its script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(url);
    expect(await page.locator('[data-table] tbody tr:visible').count()).toBe(60);
    expect(await page.locator('#image-list li:visible').count()).toBe(galleryChoice(everything()).length);
    await context.close();
  });

  it('prints on light paper', async () => {
    const page = await visit(url, 1280, 'dark');
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('header.bar').isVisible()).toBe(false);
  });

  // A4 less its margins, at 96 dots an inch.
  it.each([
    ['paper', 700, 'print'],
    ['a phone', 390, 'screen'],
  ] as const)('cuts off no column on %s', async (_, width, media) => {
    const page = await visit(url, width);
    await page.emulateMedia({ media });
    const cut = await page.evaluate(
      `[...document.querySelectorAll('table')].filter((table) => table.getClientRects().length > 0 && (${media === 'print'} || !table.closest('[data-table]')) && table.getBoundingClientRect().right > innerWidth).map((table) => table.closest('.scroll').ariaLabel)`,
    );
    expect(cut).toEqual([]);
    if (media === 'print') expect(await page.locator('[data-table] thead th').first().isVisible()).toBe(true);
  });

  it.each([
    ['paper', 700, 'print'],
    ['a phone', 390, 'screen'],
  ] as const)('breaks no word of a head on %s', async (_, width, media) => {
    const page = await visit(url, width);
    await page.emulateMedia({ media });
    const broken = await page.evaluate(() =>
      [...document.querySelectorAll('thead th')]
        .filter(({ textContent }) => /^\s*\w{1,16}\s*$/.test(textContent))
        .filter((head) => {
          const range = document.createRange();
          range.selectNodeContents(head.querySelector('button') ?? head);
          const lines = [...range.getClientRects()].filter(({ width }) => width > 0);
          return new Set(lines.map(({ bottom }) => Math.round(bottom))).size > 1;
        })
        .map(({ textContent }) => textContent.trim()),
    );
    expect(broken).toEqual([]);
  });

  it('prints heads on every page', async () => {
    const page = await visit(url, 700);
    await page.emulateMedia({ media: 'print' });
    // Chromium repeats no buttons.
    const button = page.locator('thead button').first();
    expect(await button.evaluate((element) => getComputedStyle(element).display)).toBe('contents');
  });

  it('can be read on paper with ten models: no head of a class table runs down its column in pieces', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `hardnet39ds_int8_perchannel_v${at}`);
    const models = names.map((name, at) => ({
      ...pair[1]!,
      name,
      compareWith: at === 0 ? null : names[0]!,
    }));
    const ten = await pageOf(syntheticRun({ images: 300, classes: 20, models }), 'ten');
    const page = await visit(pathToFileURL(ten).href, 700);
    await page.emulateMedia({ media: 'print' });
    const heads = await page.evaluate(() =>
      [...document.querySelectorAll('[data-table] thead th')].map((head) => {
        const range = document.createRange();
        range.selectNodeContents(head);
        const lines = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
        const vertical = getComputedStyle(head).writingMode !== 'horizontal-tb';
        return new Set(lines.map(({ left, top }) => Math.round(vertical ? left : top))).size;
      }),
    );
    expect(heads.length).toBe(21);
    expect(Math.max(...heads)).toBeLessThan(4);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(700);
  });

  it('on a phone names every cell of a row by its column, the first too', async () => {
    const page = await visit(url, 390);
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('table.stacked tbody tr > *')]
        .filter(({ textContent }) => textContent.trim() !== '')
        .filter((cell) => ['none', '""'].includes(getComputedStyle(cell, '::before').content))
        .map(({ textContent }) => textContent.trim()),
    );
    expect(unnamed).toEqual([]);
  });

  it('keeps the head of a long table in sight', async () => {
    const page = await visit(url);
    await page.getByRole('button', { name: 'Show all 60' }).click();
    const box = page.locator('[data-table] .scroll');
    await box.evaluate((element) => {
      element.scrollTop = 900;
    });
    const [head, frame] = [
      await page.locator('[data-table] thead th').first().boundingBox(),
      await box.boundingBox(),
    ];
    expect(Math.abs(head!.y - frame!.y)).toBeLessThan(2);
  });

  it('of one model on the whole set has good empty states', async () => {
    const record = syntheticRun({ images: 0, classes: 3, models: [pair[0]!] });
    const page = await visit(pathToFileURL(await pageOf(record, 'empty')).href);
    expect(await faults(page)).toEqual([]);
    expect(noise).toEqual([]);
    expect(await page.locator('body').innerText()).toContain('No image was counted.');
  });

  it('compares several runs over time', async () => {
    const runs = [1, 2, 3].map((day) => ({
      dir: join(dir, `run${day}`),
      summary: summarize(startedOn(`2026-11-0${day}`, syntheticRun({ images: 500, classes: 10, seed: day }))),
    }));
    const to = join(dir, 'history');
    expect(await writeHistory(runs, to)).toEqual(['history.csv', 'history.md', 'history.html']);
    const page = await visit(pathToFileURL(join(to, 'history.html')).href, 390);
    expect(noise).toEqual([]);
    expect(await page.locator('tbody tr').count()).toBe(6);
    expect(await page.locator('.narrow svg .mark-line path').count()).toBe(2);
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});
