import type { NetworkPlan, Session } from './network.js';
import type { SessionSettings } from './session-settings.js';

/**
 * Loads a network in this thread, and of the runtimes only its own.
 * @param where how messages call the model
 * @param rows images a call will have
 * @throws ModelError with the runtime's reason where it can't be loaded
 */
export async function openSession(
  plan: NetworkPlan,
  where: string,
  settings: SessionSettings,
  rows: number,
): Promise<Session> {
  switch (plan.runtime) {
    case 'onnxruntime': {
      const { openOnnxruntimeSession } = await import('./onnxruntime/session.js');
      return openOnnxruntimeSession(plan, where, settings, rows);
    }
    case 'litert': {
      const { openLitertSession } = await import('./litert/session.js');
      return openLitertSession(plan, where);
    }
    case 'process': {
      const { openProcessSession } = await import('./process/session.js');
      return openProcessSession(plan, where, settings);
    }
    case 'none':
      return {
        run: () => Promise.reject(new TypeError(`the scores of ${where} are known, and were asked for`)),
        release: () => Promise.resolve(),
      };
  }
}
