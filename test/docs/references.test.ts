import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

import { expect, it } from 'vitest';

import type * as Library from '../../src/index.js';

import { projectDir, program } from '../e2e/program.js';
import { scratchFolder } from '../scratch.js';

it('docs/config.md is what the schema says', async () => {
  const { stdout } = await program(['schema', '--markdown']);
  expect(stdout).toBe(readFileSync(join(projectDir, 'docs/config.md'), 'utf8'));
});

it('docs/config.schema.json is the schema, for editors', async () => {
  const { stdout } = await program(['schema']);
  expect(stdout).toBe(readFileSync(join(projectDir, 'docs/config.schema.json'), 'utf8'));
});

it('docs/recipes.md is what the recipes are', async () => {
  const { stdout } = await program(['recipes', '--markdown']);
  expect(stdout).toBe(readFileSync(join(projectDir, 'docs/recipes.md'), 'utf8'));
});

it('every link of README.md and CONTRIBUTING.md to a file of the repository has its file', () => {
  for (const name of ['README.md', 'CONTRIBUTING.md']) {
    const text = readFileSync(join(projectDir, name), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1]!);
    if (name === 'README.md') expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(() => readFileSync(join(projectDir, link)), link).not.toThrow();
  }
});

it("imports go down CONTRIBUTING's picture of the rooms", () => {
  const [, picture] = /\n```\n(cli [^`]*)```/.exec(
    readFileSync(join(projectDir, 'CONTRIBUTING.md'), 'utf8'),
  )!;
  const rows = picture!.split('\n').map((line) => line.trim().split(/\s+/));
  const depth = new Map(rows.flatMap((rooms, row) => rooms.map((room) => [room, row])));
  const rooms = readdirSync(join(projectDir, 'src'), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  expect(rooms.length).toBeGreaterThan(10);
  for (const { name } of rooms) {
    expect([...depth.keys()]).toContain(name);
    const files = readdirSync(join(projectDir, 'src', name), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((one) => /\.tsx?$/.test(one))) {
      const text = readFileSync(join(projectDir, 'src', name, file), 'utf8');
      for (const [, path] of text.matchAll(/(?:from |import\()'(\.[^']+)'/g)) {
        const [other] = relative('src', join('src', name, dirname(file), path!)).split(sep);
        if (other !== name)
          expect(depth.get(other!), `${name}/${file}: ${path!}`).toBeGreaterThan(depth.get(name)!);
      }
    }
  }
});

it("README's example from code runs", async () => {
  // Built by `npm test`; the variable keeps the type check independent of the build.
  const built = join(projectDir, 'dist/index.js');
  const { evaluate } = (await import(built)) as typeof Library;
  const { summary } = await evaluate({
    config: join(projectDir, 'configs/demo.yaml'),
    out: scratchFolder(),
  });
  expect(summary.models.map((model) => [model.name, model.top1.correct, model.verdict.outcome])).toEqual([
    ['demo float', 343, 'pass'],
    ['demo int8', 340, 'pass'],
  ]);
});
