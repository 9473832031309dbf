/** Preloaded into a run: writes to WATCH_OUT when the first image was done and when the last worker got its first job, in ms since the epoch. */
const { Worker, isMainThread } = require('node:worker_threads');
const { writeFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

if (isMainThread) {
  const seen = { firstImage: 0, allBusy: 0 };
  const now = () => performance.timeOrigin + performance.now();
  const busy = new WeakSet();
  const { postMessage, emit } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message?.kind === 'job' && !busy.has(this)) {
      busy.add(this);
      seen.allBusy = now();
    }
    return postMessage.call(this, message, ...rest);
  };
  Worker.prototype.emit = function (event, message) {
    if (event === 'message' && message?.kind === 'done' && seen.firstImage === 0) seen.firstImage = now();
    return emit.apply(this, arguments);
  };
  process.on('exit', () => writeFileSync(process.env.WATCH_OUT, JSON.stringify(seen)));
}
