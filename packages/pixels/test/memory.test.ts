import { expect, test } from 'vitest';
import { pillow } from '../src/resample/pillow.js';
import { noise } from './fixtures.js';

test('a thousand images of different sizes leave no memory behind', () => {
  const image = noise('large', 1200, 900);
  const crop = { left: 16, top: 16, width: 224, height: 224 };
  const resize = (index: number) => {
    const width = 200 + ((index * 37) % 1000);
    const height = 200 + ((index * 91) % 700);
    const part = { width, height, data: image.data.subarray(0, width * height * 3) };
    pillow.bicubic.resample(part, { width: 256, height: 256 }, crop);
  };
  for (let i = 0; i < 200; i++) resize(i);
  const before = process.memoryUsage();
  for (let i = 200; i < 1200; i++) resize(i);
  const after = process.memoryUsage();
  // 1000 results of 150 kB that stayed would be 150 MB; a kernel's memory that grew with each image, more.
  expect((after.rss - before.rss) / 1e6).toBeLessThan(60);
});
