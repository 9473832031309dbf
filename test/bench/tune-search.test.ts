import { expect, it } from 'vitest';

import { searchSettings, type SpeedSettings, type SpeedTrial } from '../../src/jobs/tune/tune-search.js';

const standard: SpeedSettings = {
  workers: 2,
  batch: 4,
  arena: true,
  spinning: false,
  graphOptimization: 'all',
  fixedDimensions: false,
};

/** A machine whose speed is a product of factors, and a network that some settings move. */
function machine(
  factors: (settings: SpeedSettings) => number[],
  moves: (settings: SpeedSettings) => boolean,
) {
  return (settings: SpeedSettings): Promise<SpeedTrial> =>
    Promise.resolve({
      settings,
      imagesPerSecond: factors(settings).reduce((product, factor) => product * factor, 100),
      changed: moves(settings) ? 3 : 0,
    });
}

const always = (): boolean => true;

it('the fastest settings are found one after the other', async () => {
  const attempt = machine(
    ({ batch, workers }) => [batch === 8 ? 1.2 : 1, workers === 3 ? 1.1 : 1],
    () => false,
  );
  const { best, cutShort } = await searchSettings(standard, 2, [1, 2, 8, 16], attempt, always);
  expect(best.settings).toEqual({ ...standard, batch: 8, workers: 3 });
  expect(cutShort).toBe(false);
});

it('settings under which any prediction changes are never chosen, however fast', async () => {
  const attempt = machine(
    ({ graphOptimization }) => [graphOptimization === 'basic' ? 2 : 1],
    ({ graphOptimization }) => graphOptimization === 'basic',
  );
  const { best, trials } = await searchSettings(standard, 2, [1, 2, 8, 16], attempt, always);
  expect(best.settings).toBe(standard);
  expect(trials.some(({ changed }) => changed > 0)).toBe(true);
});

it('a gain that does not hold when measured again is none', async () => {
  let lucky = true;
  const attempt = (settings: SpeedSettings): Promise<SpeedTrial> => {
    const luck = settings.batch === 2 && lucky;
    if (luck) lucky = false;
    return Promise.resolve({ settings, imagesPerSecond: luck ? 150 : 100, changed: 0 });
  };
  const { best } = await searchSettings(standard, 2, [1, 2, 8, 16], attempt, always);
  expect(best.settings).toBe(standard);
});

it('a gain below three percent leaves the defaults', async () => {
  const attempt = machine(
    ({ batch }) => [batch === 16 ? 1.02 : 1],
    () => false,
  );
  expect((await searchSettings(standard, 2, [1, 2, 8, 16], attempt, always)).best.settings).toBe(standard);
});

it('without time only the defaults are measured, and it is said', async () => {
  const { trials, cutShort } = await searchSettings(
    standard,
    2,
    [1, 2, 8, 16],
    machine(
      () => [],
      () => false,
    ),
    () => false,
  );
  expect(trials).toHaveLength(1);
  expect(cutShort).toBe(true);
});
