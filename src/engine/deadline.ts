import { setImmediate } from 'node:timers/promises';

/** Stands for a value that did not come in time. */
export const late: unique symbol = Symbol('late');

/**
 * The promise's value, or `late` where it has not settled after `ms` milliseconds.
 * A thread that was blocked meanwhile gets one more turn of its event loop before it judges.
 */
export async function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  let settled = false;
  const watched = promise.finally(() => {
    settled = true;
  });
  const deadline = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => {
      void setImmediate().then(async () => {
        await setImmediate();
        if (!settled) resolve(late);
      });
    }, ms);
  });
  try {
    return await Promise.race([watched, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
