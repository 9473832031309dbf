import { betAgainstAtLeast, betAgainstAtMost, boldness, GapMixtureWealth } from './wealth.js';

/** One image's change: reference correct minus candidate correct. 1 = lost, -1 = gained, 0 = no flip. */
export type Change = -1 | 0 | 1;

/** What the gate tests, all fixed before the first image. */
export interface SequentialPlan {
  /** N: images in the whole data set. */
  readonly population: number;
  /** D: the largest drop in images that passes, in [-N, N]; see `maxDropImages`. */
  readonly maxDropImages: number;
  /** Greatest probability of FAIL where the drop is at most D. */
  readonly falseFail: number;
  /** Greatest probability of PASS where the drop is more than D. */
  readonly falsePass: number;
}

/** Where a sequential run stands: counts and anytime-valid p-values. */
export interface SequentialState {
  readonly imagesSeen: number;
  /** Lost minus gained so far. Divided by the images seen it is biased away from the gate at an early stop. */
  readonly drop: number;
  readonly lost: number;
  readonly gained: number;
  /** Of "the drop is at most D": small speaks for FAIL. */
  readonly pAtMost: number;
  /** Of "the drop is more than D": small speaks for PASS. */
  readonly pMore: number;
}

export interface SequentialDecision extends SequentialState {
  readonly verdict: 'pass' | 'fail';
  /**
   * 'bound': the evidence reached 1 / its error probability. 'certain': the images left cannot change the answer.
   * 'exhausted': all images were seen; the answer is exact.
   */
  readonly decidedBy: 'bound' | 'certain' | 'exhausted';
}

export interface SequentialUndecided extends SequentialState {
  readonly verdict: 'undecided';
  /** The run was ended at a limit below N before anything was decided. */
  readonly decidedBy: 'limit';
}

export type SequentialOutcome = SequentialDecision | SequentialUndecided;

/**
 * The largest drop in images that a gate passes: floor(points * images / 100), safe from rounding (0.5 points of
 * 50 000 are 250).
 */
export function maxDropImages(points: number, images: number): number {
  return Math.floor((points * images) / 100 + 1e-9);
}

/**
 * Sequential test of "the candidate drops at most D images of N", by betting without replacement (Waudby-Smith &
 * Ramdas, JRSS-B 86 (2024), arXiv 2010.09686): valid at every image, with no assumed flip rate and no indifference
 * zone; drop = D passes. If all N images are seen the answer is exact.
 *
 * The changes must come in the order of ONE uniformly random permutation of the whole data set, seeded before the run
 * (`permutation`): not by class, not by arrival, not stratified, none left out.
 */
export class SequentialGate {
  readonly plan: SequentialPlan;
  readonly #againstAtMost = new GapMixtureWealth();
  readonly #againstMore = new GapMixtureWealth();
  #seen = 0;
  #lost = 0;
  #gained = 0;
  #decision: SequentialDecision | null = null;

  /** @throws RangeError for a plan outside its ranges */
  constructor(plan: SequentialPlan) {
    const { population, maxDropImages: most } = plan;
    if (!Number.isInteger(population) || population < 1)
      throw new RangeError(`Expected a population of 1 image or more but received ${population}`);
    if (!Number.isInteger(most) || Math.abs(most) > population)
      throw new RangeError(`Expected a drop of whole images within ${population} but received ${most}`);
    for (const probability of [plan.falseFail, plan.falsePass])
      if (!(probability > 0 && probability < 1))
        throw new RangeError(`Expected an error probability between 0 and 1 but received ${probability}`);
    this.plan = plan;
  }

  /** Natural logs of both wealths, for the record and for tests. */
  get logWealth(): { readonly againstAtMost: number; readonly againstMore: number } {
    return { againstAtMost: this.#againstAtMost.logMean, againstMore: this.#againstMore.logMean };
  }

  get decision(): SequentialDecision | null {
    return this.#decision;
  }

  get state(): SequentialState {
    return {
      imagesSeen: this.#seen,
      drop: this.#lost - this.#gained,
      lost: this.#lost,
      gained: this.#gained,
      pAtMost: this.#againstAtMost.pValue,
      pMore: this.#againstMore.pValue,
    };
  }

  /**
   * Takes the next image of the permutation; O(1).
   *
   * @returns the decision as soon as there is one, else null
   * @throws RangeError if the gate has decided already
   */
  observe(x: Change): SequentialDecision | null {
    if (this.#decision !== null)
      throw new RangeError(`The gate decided after ${this.#seen} images and takes no more`);
    const { population, maxDropImages: most, falseFail, falsePass } = this.plan;
    const before = this.#lost - this.#gained;
    const left = population - this.#seen;
    const bold = boldness(population, this.#seen, before, this.#lost + this.#gained);
    betAgainstAtMost(this.#againstAtMost, most, left, before, bold, x);
    betAgainstAtLeast(this.#againstMore, most + 1, left, before, bold, x);
    this.#seen++;
    if (x === 1) this.#lost++;
    else if (x === -1) this.#gained++;

    const drop = before + x;
    const after = left - 1;
    const certain = after === 0 ? 'exhausted' : 'certain';
    if (drop - after > most) return this.#decide('fail', certain);
    if (drop + after <= most) return this.#decide('pass', certain);
    if (this.#againstAtMost.mean >= 1 / falseFail) return this.#decide('fail', 'bound');
    if (this.#againstMore.mean >= 1 / falsePass) return this.#decide('pass', 'bound');
    return null;
  }

  /** The outcome of a run that ends here: the decision, or 'undecided' (never a pass) if there is none. */
  finish(): SequentialOutcome {
    return this.#decision ?? { ...this.state, verdict: 'undecided', decidedBy: 'limit' };
  }

  #decide(verdict: 'pass' | 'fail', decidedBy: SequentialDecision['decidedBy']): SequentialDecision {
    this.#decision = { ...this.state, verdict, decidedBy };
    return this.#decision;
  }
}
