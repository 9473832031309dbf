import { describe, expect, it } from 'vitest';

import type { EngineConfig } from '../../src/config/config.js';
import type { OpenModel } from '../../src/jobs/run/open-models.js';
import { keyedModels } from '../../src/jobs/run/run-store.js';
import { defaultSettings } from '../../src/runtime/session-settings.js';
import { syntheticRun } from '../report/synthetic-run.js';

const { machine, models } = syntheticRun({ images: 1, classes: 3 });
// Of an open model the key needs what the record has.
const model = { ...models[0]!, config: { name: 'float' } } as unknown as OpenModel;
const engine = { session: defaultSettings } as EngineConfig;
const plans = [{ rows: 4, imagesPerCall: 4 }];

describe("A prediction's key is another", () => {
  const of = (classes: number, session = engine.session, opened = model) =>
    keyedModels([opened], classes, 'lowest-index', plans, { ...engine, session }, machine)[0]!;

  it('on another platform', () => {
    expect(of(1000).parts.platform).toBe(process.platform);
  });

  it('for another number of classes', () => {
    expect(of(100).key).not.toBe(of(1000).key);
  });

  it('where the runtime is told the batch size, of a network that has a free one', () => {
    const fixed = { ...engine.session, fixedDimensions: true };
    expect(of(1000, fixed).key).not.toBe(of(1000).key);
    const closed = { ...model, facts: { ...model.facts, batchDimension: null } };
    expect(of(1000, fixed, closed).key).toBe(of(1000, engine.session, closed).key);
  });
});
