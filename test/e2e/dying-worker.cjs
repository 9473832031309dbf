/**
 * Preloaded into the program (`node --require`): a worker thread that comes to a batch that begins with image DIE_AT
 * ends at once, as a crash in native code would end it; with DIE_MARK, a file's name, only the first time.
 */
const { existsSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');
const process = require('node:process');

const { DIE_AT, DIE_MARK } = process.env;
const store = Atomics.store;

if (!isMainThread)
  Atomics.store = (array, index, value) => {
    const stored = store(array, index, value);
    const atWork = array.length === 2 && index === 1 && Atomics.load(array, 0) === Number(DIE_AT);
    if (atWork && (DIE_MARK === undefined || !existsSync(DIE_MARK))) {
      if (DIE_MARK !== undefined) writeFileSync(DIE_MARK, '');
      process.exit(9);
    }
    return stored;
  };
