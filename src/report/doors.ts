import type { ClassIndex } from '../domain/domain.js';
import type { Door } from './document/document.js';

/** The images that a mark of a report stands for; `page/filter.ts` reads it back from the page's address. */
export interface DoorTo {
  /** Slug of the model. */
  readonly model?: string;
  /** lost, gained, wrong, differ, tied ... as `page/filter.ts` names them. */
  readonly kind?: string;
  /** The label. */
  readonly class?: ClassIndex;
  /** The reference's answer, and the model's. */
  readonly from?: ClassIndex;
  readonly to?: ClassIndex;
  /** Place of one image in the run, opened large. */
  readonly image?: number;
}

export function door(to: DoorTo): Door {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(to)) query.set(name, String(value));
  return `#images?${query.toString()}`;
}
