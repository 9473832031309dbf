import { expect, it } from 'vitest';

import { describeWithShared } from '../shared.js';
import { expectNoStack, program } from './program.js';
import { scratch } from '../scratch.js';

describeWithShared('a recipe whose values a uint8 input cannot hold', (shared) => {
  const { dir, file } = scratch();

  it('is named for the images and the model, and kills no worker', async () => {
    const config = file(
      'unfit.yaml',
      [
        `dataset: { images: "${shared}imagenet/images", labels: filenames }`,
        'recipe: tf-squash-224-raw',
        `models: [{ name: v2, path: "${shared}models/mobilenet_v2_uint8.onnx" }]`,
      ].join('\n'),
    );
    const run = await program(['run', config, '--out', `${dir}/out`, '--no-cache', '--limit', '8']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('not one image could be measured');
    expect(run.stderr).toContain(
      'no tensor for model "v2" can be made of this image: the recipe gives the value',
    );
    expect(run.stderr).not.toContain('died');
    expectNoStack(run);
  });
});
