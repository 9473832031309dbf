import { expect, it } from 'vitest';

import { wrapped } from '../../src/cli/wrap.js';

it('breaks at words and keeps what continues under the text of its label', () => {
  expect(wrapped('model    int8: QDQ int8 per-channel, float32 NCHW 224x224, 1000 outputs', 40)).toBe(
    ['model    int8: QDQ int8 per-channel,', '         float32 NCHW 224x224, 1000', '         outputs'].join(
      '\n',
    ),
  );
});

it('breaks what is longer than a line, such as a path, and leaves short lines and tables as they are', () => {
  for (const line of wrapped(`- ${'/very/long/path'.repeat(10)}`, 40).split('\n'))
    expect(line.length).toBeLessThanOrEqual(40);
  expect(wrapped('model      Top-1\nint8   85.80 %', 40)).toBe('model      Top-1\nint8   85.80 %');
});
