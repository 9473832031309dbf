import { describe, expect, it } from 'vitest';

import {
  keepLook,
  otherLooks,
  readLooks,
  seedOfCandidates,
  subjectOf,
  type Look,
} from '../../src/jobs/check/looks.js';
import { scratchFolder } from '../scratch.js';

const [first, second, list] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)];
const look = (change: Partial<Look> = {}): Look => ({
  at: '2026-11-26T12:00:00.000Z',
  subject: subjectOf([first], list),
  seed: seedOfCandidates([first]),
  errorRate: 0.01,
  gates: '{"max_top1_drop":1}',
  imagesSeen: 400,
  outcome: 'undecided',
  ...change,
});

describe('The seed of a sequential check', () => {
  it("follows from the candidates' files alone, whatever their order", () => {
    expect(seedOfCandidates([first])).toBe(seedOfCandidates([first]));
    expect(seedOfCandidates([first, second])).toBe(seedOfCandidates([second, first]));
    expect(seedOfCandidates([first])).not.toBe(seedOfCandidates([second]));
    expect(Number.isSafeInteger(seedOfCandidates([first]))).toBe(true);
  });
});

describe('Looks at a candidate', () => {
  it('are kept in the report folder, and those that asked otherwise are told', async () => {
    const folder = scratchFolder();
    expect(await readLooks(folder)).toEqual([]);
    await keepLook(folder, look());
    await keepLook(folder, look({ seed: 7 }));
    await keepLook(folder, look({ seed: 7 }));
    await keepLook(folder, look({ gates: '{"max_top1_drop":2}' }));
    await keepLook(folder, look({ subject: subjectOf([second], list), seed: 9 }));
    const others = otherLooks(await readLooks(folder), look());
    expect(others.map(({ seed, gates }) => [seed === 7, gates])).toEqual([
      [true, '{"max_top1_drop":1}'],
      [false, '{"max_top1_drop":2}'],
    ]);
  });

  it('repeated as they were add no error', () => {
    expect(otherLooks([look(), look()], look())).toEqual([]);
  });
});
