import type { PlainFault } from './messages.js';

export const networkFault = "The fault is the network's or the runtime's, not the image's.";

/** What is told of a model that can't be run, from what its network or the runtime said. */
export function failureOf(model: string, { code, what, remedy }: PlainFault, image?: string): PlainFault {
  return {
    code,
    what: `model "${model}" fails${image === undefined ? '' : ` (first seen at ${image})`}: ${what}`,
    remedy: remedy ?? networkFault,
  };
}
