import { join } from 'node:path';

import { expect, it } from 'vitest';

import { program, projectDir } from './program.js';
import { scratch } from '../scratch.js';

const { file } = scratch();

it('tune advises no batch but one image for a network whose scores depend on it: written in a config it would be obeyed', async () => {
  const config = file(
    'dynamic.yaml',
    `dataset: { images: ${join(projectDir, 'demo/images.tar')}, labels: demo }
recipe: { base: timm-bicubic-256-224, resize: { short_side: 72 }, crop: 64 }
models: [{ name: dynamic, path: ${join(projectDir, 'test/fixtures/networks/dynamic.onnx')} }]
`,
  );
  const { code, stdout, stderr } = await program(['tune', config, '--seconds', '4']);
  expect(code).toBe(0);
  expect(stderr).toMatch(/batch 2,.*images are scored differently/);
  expect(stdout).not.toMatch(/batch: [^1]/);
});
