import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { projectDir, scratch } from './program.js';

const execute = promisify(execFile);
const { dir, file } = scratch();

// About half a minute: npm installs onnxruntime-node and sharp anew.
it('the packed tarball, installed in an empty folder, reproduces the demo', async () => {
  const npm = (args: readonly string[], cwd: string): Promise<{ stdout: string }> =>
    execute('npm', [...args], { cwd });
  const { stdout } = await npm(['pack', '--json', '--pack-destination', dir], projectDir);
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  const paths = packed!.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['dist/cli/main.js', 'demo/images.tar', 'wasm/pillow.wasm', 'LICENSE']),
  );
  expect(paths.filter((path) => /^(dist\/bench|src|test|reports)\//.test(path))).toEqual([]);

  file('package.json', '{"private": true}');
  await npm(
    ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', packed!.filename],
    dir,
  );
  const demo = await execute('npx', ['--no-install', 'imagenet-eval', 'demo', '--no-cache'], { cwd: dir });
  expect(demo.stdout).toContain('(343/400)');
  expect(demo.stdout).toContain('(340/400)');
}, 300_000);
