import type { EngineStore } from '../../engine/options.js';

/** A store that knows nothing and keeps nothing. */
export const memoryStore: EngineStore = {
  get: () => undefined,
  put: () => undefined,
  putBad: () => undefined,
  knownToKill: () => null,
  ready: () => Promise.resolve(),
};
