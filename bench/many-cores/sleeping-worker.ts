/** A worker thread that burns no CPU: its network sleeps SLEEP_MS an image, and every image is the same grey one. */
import { loadNetwork, loadServe } from '../run/product.js';

const [{ serve }, { Network }] = await Promise.all([loadServe(), loadNetwork()]);
const sleepMs = Number(process.env['SLEEP_MS'] ?? 10);
const never = new Int32Array(new SharedArrayBuffer(4));

serve(
  (model, settings, batch) => {
    const { outputClasses, fixedBatch } = model.facts;
    const session = {
      run(_: unknown, [rows = 1]: readonly number[]) {
        // Blocks the thread, as a network does.
        Atomics.wait(never, 0, 0, sleepMs * rows);
        const data = Float32Array.from(
          { length: rows * outputClasses },
          (_, i) => ((i % outputClasses) * 7919) % 104729,
        );
        return Promise.resolve({ data, dims: [rows, outputClasses] });
      },
      release: () => Promise.resolve(),
    };
    return Promise.resolve(Network.over(session, model, settings, fixedBatch ?? batch));
  },
  (image, wanted, recipes) => {
    const blocks = new Map(
      [...wanted].map((index) => {
        const { width, height } = recipes[index]!.crop!;
        return [index, { width, height, data: new Uint8Array(width * height * 3).fill(128) }];
      }),
    );
    return Promise.resolve({
      kind: 'prepared' as const,
      prepared: { image, blocks },
      decodeSeconds: 0,
      prepareSeconds: 0,
    });
  },
);
