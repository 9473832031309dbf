import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { projectDir } from './program.js';
import { scratch } from '../scratch.js';

const execute = promisify(execFile);
const { dir, file } = scratch();

// About half a minute: npm installs onnxruntime-node and sharp anew.
it('the packed tarballs, installed in an empty folder, reproduce the demo', async () => {
  const npm = (args: readonly string[], cwd: string): Promise<{ stdout: string }> =>
    execute('npm', [...args], { cwd });
  const { stdout } = await npm(
    ['pack', '--json', '--workspaces', '--include-workspace-root', '--pack-destination', dir],
    projectDir,
  );
  const packed = JSON.parse(stdout) as { name: string; filename: string; files: { path: string }[] }[];
  const contents = new Map(packed.map(({ name, files }) => [name, files.map(({ path }) => path)]));
  expect(contents.get('onnx-imagenet-eval')).toEqual(
    expect.arrayContaining(['dist/cli/main.js', 'demo/images.tar', 'LICENSE']),
  );
  expect(contents.get('reference-pixels')).toEqual(
    expect.arrayContaining(['dist/index.js', 'wasm/pillow.wasm', 'LICENSE', 'README.md']),
  );
  const unwanted = /^(dist\/bench|src|test|packages|assembly|reports)\//;
  expect([...contents.values()].flat().filter((path) => unwanted.test(path))).toEqual([]);

  file('package.json', '{"private": true}');
  await npm(
    [
      'install',
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      ...packed.map(({ filename }) => filename),
    ],
    dir,
  );
  const demo = await execute('npx', ['--no-install', 'imagenet-eval', 'demo', '--no-cache'], { cwd: dir });
  expect(demo.stdout).toContain('(343 of 400)');
  expect(demo.stdout).toContain('(340 of 400)');
});
