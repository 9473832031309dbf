import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadConfig, parseConfig } from '../../src/config/config.js';
import { scratch } from '../scratch.js';

const { dir } = scratch();

describe('a config file', () => {
  it('that is a pipe is refused at once', async () => {
    const pipe = join(dir, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    await expect(loadConfig(pipe)).rejects.toMatchObject({
      code: 'file-unreadable',
      what: expect.stringContaining('it is a pipe'),
    });
  });

  it('that is a folder or a device is refused', async () => {
    await expect(loadConfig(dir)).rejects.toMatchObject({
      code: 'file-unreadable',
      what: expect.stringContaining('it is a folder'),
    });
    await expect(loadConfig('/dev/zero')).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('above 4 MiB is called too large, whatever it holds', async () => {
    const large = join(dir, 'large.yaml');
    writeFileSync(large, '# text\n'.repeat(700_000));
    await expect(loadConfig(large)).rejects.toMatchObject({
      code: 'file-too-large',
      what: expect.stringContaining('larger than 4 MiB'),
    });
  });

  it('that holds no text is called that', async () => {
    const model = join(dir, 'model.yaml');
    writeFileSync(model, Buffer.from([8, 9, 0xff, 0xfe, 0]));
    await expect(loadConfig(model)).rejects.toMatchObject({ code: 'not-text' });
  });
});

it.each(['.nan', '.inf'])('%s where a number is due is told as it was written', (value) => {
  const text = `dataset: { images: a.tar, labels: folders }\nrecipe: crop-224\nmodels: [{ name: a, path: a.onnx }]\ngates: { max_ties: ${value} }\n`;
  expect(() => parseConfig(text)).toThrow(`gates.max_ties (line 4): expected a number`);
  expect(() => parseConfig(text)).toThrow(`got ${value}`);
});
