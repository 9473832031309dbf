import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launch, noBrowser } from '../report/browser.js';
import { program, projectDir } from './program.js';
import { scratch } from '../scratch.js';

const { dir } = scratch();
const config = join(projectDir, 'configs/demo.yaml');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
}

/** `imagenet-eval view`, with the link that it prints. */
function view(...folders: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [join(projectDir, 'dist/cli/main.js'), ...['view', ...folders]]);
  return new Promise((resolve, reject) => {
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      const url = /^http:\S+$/m.exec(told)?.[0];
      if (url !== undefined) resolve({ child, url });
    });
    child.on('exit', (code) => {
      reject(new Error(`view ended with ${String(code)}: ${told}`));
    });
  });
}

describe.skipIf(noBrowser !== null)('imagenet-eval view in Chromium', () => {
  const run = join(dir, 'run');
  let serving: Serving;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    const { code, stderr } = await program(['run', config, '--out', run, '--no-cache']);
    expect(code, stderr).toBe(0);
    serving = await view(run);
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(120_000);
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(serving.url);
    await page.waitForSelector('.windowed li');
  });

  afterAll(async () => {
    await browser.close();
    serving.child.kill('SIGTERM');
  });

  it('shows the images that were answered differently, with their pictures', async () => {
    expect(await page.textContent('[data-count]')).toBe('12 images');
    await page.waitForFunction("document.querySelector('.windowed img')?.naturalWidth > 0");
    const loaded = await page.$eval('.windowed img', (image) => (image as HTMLImageElement).naturalWidth);
    expect(loaded).toBe(64);
    expect(await page.textContent('.windowed dd.score')).toMatch(/^\d+ %$/);
  });

  it('keeps only the visible part of a long list, and has the rest when it is scrolled to', async () => {
    await page.selectOption('[data-filter=kind]', 'all');
    await page.waitForFunction(() => document.querySelector('[data-count]')?.textContent === '400 images');
    expect(await page.$$eval('.windowed li', (cards) => cards.length)).toBeLessThan(60);
    await page.selectOption('[data-filter=sort]', 'name');
    await page.evaluate(() => {
      scrollTo(0, document.body.scrollHeight);
    });
    await page.waitForSelector('text=demo_val_00000400.JPEG');
    expect(await page.evaluate(() => location.hash)).toContain('kind=all');
  });

  it('opens an image large, step by step, and arrows lead to the next', async () => {
    await page.click('.windowed li:last-child button.bare');
    await page.waitForSelector('dialog.viewer ol.five');
    await page.click('dialog.viewer button:has-text("decoded")');
    await page.waitForFunction(
      () => document.querySelector<HTMLImageElement>('dialog.viewer img')!.naturalWidth > 64,
    );
    const name = await page.textContent('dialog.viewer .file');
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (before) => document.querySelector('dialog.viewer .file')?.textContent !== before,
      name,
    );
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog.viewer', { state: 'detached' });
  });

  it('combines filters: a label, what the model says, and a margin', async () => {
    await page.selectOption('[data-filter=kind]', 'differ');
    const count = (): Promise<string | null> => page.textContent('[data-count]');
    await page.selectOption('[data-filter=labelled]', '7');
    await page.waitForFunction(() => !document.querySelector('[data-count]')!.textContent.startsWith('12 '));
    expect(await page.evaluate(() => location.hash)).toContain('class=7');
    await page.fill('[data-filter=margin]', '0.000001');
    await page.locator('[data-filter=margin]').blur();
    await page.waitForFunction(() => document.querySelector('[data-count]')!.textContent.startsWith('0 '));
    expect(await count()).toBe('0 images');
    await page.fill('[data-filter=margin]', '');
    await page.locator('[data-filter=margin]').blur();
    await page.selectOption('[data-filter=labelled]', '');
    await page.waitForFunction(() => document.querySelector('[data-count]')!.textContent.startsWith('12 '));
  });

  it('gives the names of a list as a file that dataset.only takes', async () => {
    await page.selectOption('[data-filter=kind]', 'lost');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-save]')]);
    const names = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(names).toHaveLength(7);
    for (const name of names) expect(name).toMatch(/^demo_val_\d{8}\.JPEG$/);
  });

  it('has no violation that axe finds, in light and dark, narrow and wide', async () => {
    for (const [colorScheme, width] of [
      ['light', 1200],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(readFileSync(axe, 'utf8'));
      const violations = await page.evaluate(async () => {
        const found = await (
          globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          }
        ).axe.run();
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
      });
      expect(violations).toEqual([]);
    }
    expect(problems).toEqual([]);
  });

  it('shows two runs side by side, opens the image of the one that was clicked, and comes back from its address', async () => {
    const few = join(dir, 'few');
    const { code } = await program(['run', config, '--out', few, '--no-cache', '--limit', '100']);
    expect(code).toBe(0);
    const both = await view(run, few);
    const two = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await two.goto(both.url);
    await two.waitForSelector('.row .panel:nth-child(2) .windowed li');
    const beside = two.locator('.row .panel').nth(1);
    const name = await beside.locator('.windowed .file').last().textContent();
    await beside.locator('.windowed .file').last().click();
    await two.waitForSelector('dialog.viewer ol.five');
    expect(await two.textContent('dialog.viewer .file')).toBe(name);
    const sent = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await sent.goto(two.url());
    await sent.waitForSelector('dialog.viewer ol.five');
    expect(await sent.textContent('dialog.viewer .file')).toBe(name);
    await sent.keyboard.press('Escape');
    await sent.selectOption('[data-filter=beside]', '');
    await sent.reload();
    await sent.waitForSelector('.windowed li');
    expect(await sent.locator('.panel').count()).toBe(1);
    await Promise.all([two.close(), sent.close()]);
    both.child.kill('SIGTERM');
  });

  it('follows a run that is going on: curve, time left, images as they come, until it has ended', async () => {
    const out = join(dir, 'going-on');
    const going = program(['run', config, '--out', out, '--no-cache', '--workers', '1', '--batch', '1']);
    while (!existsSync(join(out, 'running.json'))) await new Promise((resolve) => setTimeout(resolve, 20));
    const live = await view(out);
    const other = await browser.newPage();
    other.setDefaultTimeout(120_000);
    await other.goto(live.url);
    await other.waitForSelector('.follow progress, .windowed li');
    expect((await going).code).toBe(0);
    await other.selectOption('[data-filter=kind]', 'all');
    await other.waitForFunction(() => document.querySelector('[data-count]')?.textContent === '400 images');
    await other.close();
    live.child.kill('SIGTERM');
  });

  it('shows the pictures of a run without a config while it is going on', async () => {
    const out = join(dir, 'quick');
    const models = ['demo_float.onnx', 'demo_qdq_int8.onnx'].map((name) => join(projectDir, 'demo', name));
    const images = join(projectDir, 'demo/images.tar');
    const going = program([
      ...['run', ...models, '--images', images, '--out', out],
      ...['--no-cache', '--workers', '1', '--batch', '1'],
    ]);
    while (!existsSync(join(out, 'running.json'))) await new Promise((resolve) => setTimeout(resolve, 20));
    const live = await view(out);
    const asked = live.url.replace('/?', '/api/runs?');
    const [run] = (await (await fetch(asked)).json()) as { running: boolean; pictures: string | null }[];
    expect(run).toMatchObject({ running: true, pictures: null });
    live.child.kill('SIGTERM');
    expect((await going).code).toBe(0);
  });

  it('refuses whoever has no token, and ends with its terminal', async () => {
    const bare = serving.url.replace(/\?.*/, '');
    expect((await fetch(bare)).status).toBe(403);
    expect((await fetch(`${bare}api/runs/0/picture/0`)).status).toBe(403);
    expect((await fetch(serving.url.replace('/?', '/../../etc/passwd?'))).status).toBe(404);
    const ended = await view(run);
    const code = new Promise((resolve) => ended.child.on('close', resolve));
    ended.child.kill('SIGINT');
    expect(await code).toBe(0);
    await expect(fetch(ended.url)).rejects.toThrow();
  });
});
