import ort from 'onnxruntime-node';

import { messageOf } from '../../domain/errors.js';
import { productsSaturate } from './integer-products.js';
import { withUnsignedWeights } from './unsigned-weights.js';

/**
 * A session whose integer sums are exact, and so the same on every processor: `ort.InferenceSession.create`, with
 * `session.x64quantprecision` where it is needed.
 */
export async function exactSession(
  model: string | Uint8Array,
  options: ort.InferenceSession.SessionOptions & { readonly extra: { readonly session: object } },
): Promise<ort.InferenceSession> {
  const open = (one: string | Uint8Array, extra: object): Promise<ort.InferenceSession> => {
    const all = { ...options, extra: { session: { ...options.extra.session, ...extra } } };
    return typeof one === 'string'
      ? ort.InferenceSession.create(one, all)
      : ort.InferenceSession.create(one, all);
  };
  if (!productsSaturate) return open(model, {});
  try {
    return await open(model, { x64quantprecision: '1' });
  } catch (error) {
    if (typeof model === 'string' || !messageOf(error).includes('replace the existing tensor')) throw error;
    return open(withUnsignedWeights(model, 'the network'), {});
  }
}
