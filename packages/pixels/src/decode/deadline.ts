import { ImageError } from '../errors.js';

/** The end of the time that work in this thread may take. */
export class Deadline {
  readonly #end: number;

  /** From now on. */
  constructor(private readonly milliseconds: number) {
    this.#end = performance.now() + milliseconds;
  }

  /** Throws an ImageError (`decode-timeout`) where the time is over. */
  assertAhead(): void {
    if (performance.now() < this.#end) return;
    throw new ImageError({
      code: 'decode-timeout',
      what: `decoding took longer than ${this.milliseconds / 1000} s and was given up`,
      where: null,
      remedy: 'Look at the file: it may be made to take long.',
    });
  }
}
