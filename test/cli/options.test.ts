import { describe, expect, it } from 'vitest';

import { program } from '../e2e/program.js';

const demo = 'configs/demo.yaml';

describe('an option that several commands have', () => {
  it.each(['run', 'check', 'plan', 'sweep', 'diagnose'])(
    'takes no more workers in %s than `engine.workers` does',
    async (command) => {
      const { code, stderr } = await program([command, demo, '--workers', '100000']);
      expect(stderr).toContain('Expected a whole number from 1 to 256.');
      expect(code).toBe(2);
    },
  );

  it.each(['check', 'plan'])('takes no error rate in %s that a coin would keep', async (command) => {
    const { code, stderr } = await program([command, demo, '--error-rate', '0.6']);
    expect(stderr).toContain('Expected a number between 0 and 0.5.');
    expect(code).toBe(2);
  });
});
