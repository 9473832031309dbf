import { expect, it } from 'vitest';
import { parse } from 'yaml';

import { program } from './program.js';
import { scratch } from '../scratch.js';

const { file } = scratch();

it("recipes read prints a timm config.json's preprocessing as config, with what it leaves open as warnings", async () => {
  const path = file(
    'config.json',
    JSON.stringify({
      architecture: 'resnet50',
      pretrained_cfg: {
        input_size: [3, 224, 224],
        crop_pct: 0.95,
        interpolation: 'bicubic',
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
      },
    }),
  );
  const { code, stdout } = await program(['recipes', 'read', path]);
  expect(code).toBe(0);
  const { recipe } = parse(stdout) as { recipe: Record<string, unknown> };
  expect(recipe).toMatchObject({
    resize: { short_side: 235 },
    filter: 'pillow-bicubic',
    channel_order: 'rgb',
  });
});

it('recipes read refuses a file that is none of the known kinds, without a stack', async () => {
  const { code, stderr } = await program(['recipes', 'read', file('other.json', '{"hello": 1}')]);
  expect(code).toBe(2);
  expect(stderr).toContain('timm config.json');
  expect(stderr).not.toMatch(/^ {4}at /m);
});
