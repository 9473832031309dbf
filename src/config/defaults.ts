/** Defaults that move no figure; docs/config.md states them. */
export const defaults = {
  tolerance: 0.1,
  batch: 4,
  /** Where a model runs on a device of its own. */
  deviceBatch: 16,
  decodeTimeoutSeconds: 60,
  adapterStartSeconds: 120,
  adapterBatchSeconds: 60,
} as const;
