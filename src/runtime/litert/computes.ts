import { ModelError } from '../../domain/errors.js';
import { elementCount } from '../../model/description.js';
import type { Session } from '../network.js';

/** Bytes of some kinds of image, by place; a classifier does not answer all of them with zeros. */
const patterns: readonly ((at: number, length: number) => number)[] = [
  (at) => (at * 7919) % 256,
  (at, length) => Math.floor((256 * at) / length),
  (at) => ((at * 31) % 97 < 48 ? 230 : 20),
];

/**
 * Sees that a network computes: where a delegate could not prepare an operator, LiteRT can go on with a network whose
 * outputs are never written.
 * @throws ModelError `network-silent` where every score is 0, whatever the network is fed
 */
export async function assertComputes(
  input: { readonly dtype: string; readonly shape: ArrayLike<number> },
  run: Session['run'],
  where: string,
): Promise<void> {
  const shape = Array.from(input.shape);
  const length = elementCount(shape);
  for (const level of patterns) {
    const bytes = Uint8Array.from({ length }, (_, at) => level(at, length));
    const { data } = await run(
      input.dtype === 'float32' ? Float32Array.from(bytes, (byte) => byte / 255) : bytes,
      shape,
    );
    if (data.some((score) => score !== 0)) return;
  }
  throw new ModelError({
    code: 'network-silent',
    what: 'LiteRT loads the model, but every score is 0, whatever it is fed',
    where,
    remedy:
      'Some of its operators were not prepared: such a network must not be measured. Run it by the LiteRT adapter (docs/adapters.md).',
  });
}
