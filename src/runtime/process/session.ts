import type { ScoreArray } from '../../domain/domain.js';
import { npyTypes } from '../../domain/npy.js';
import type { Session } from '../network.js';
import type { SessionSettings } from '../session-settings.js';
import { Adapter } from './adapter.js';
import type { ProcessPlan } from './plan.js';

/**
 * Starts an adapter for this thread.
 * @throws ModelError with its last lines of standard error where it can't be started, or is another than when the run began
 */
export async function openProcessSession(
  plan: ProcessPlan,
  where: string,
  settings: SessionSettings,
): Promise<Session> {
  const adapter = new Adapter(plan, where, settings.intraOpNumThreads);
  const said = await adapter.handshake();
  if (JSON.stringify(said) !== JSON.stringify(plan.said))
    throw adapter.garbage(
      `says ${JSON.stringify(said)} now and said ${JSON.stringify(plan.said)} when the run began`,
      'adapter-changed',
    );
  const { classes, dtype } = said.output;
  const { array } = npyTypes[dtype];
  return {
    async run(data, dims) {
      const batch = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const reply = await adapter.exchange(batch, dims, classes * array.BYTES_PER_ELEMENT);
      const scores: ScoreArray = new array(Uint8Array.from(reply).buffer);
      const nan = scores.findIndex((score) => Number.isNaN(score));
      if (nan >= 0) throw adapter.garbage(`gave NaN as a score of class ${nan % classes}`, 'adapter-nan');
      return { data: scores, dims: [dims[0]!, classes] };
    },
    release: () => adapter.end(),
  };
}
