import * as z from 'zod';
import type { Change, Changes } from './change.js';
import { betAgainstAtLeast, betAgainstAtMost, boldness, GapMixtureWealth } from './wealth.js';

/** What the gate tests, all fixed before the first image. */
export interface SequentialPlan {
  /** N: images that the answer is about, at least as many as there are to look at. */
  readonly population: number;
  /** D: the largest drop in images that passes, in [-N, N]. */
  readonly maxDropImages: number;
  /** The drop in images beyond which it fails, where images left out beforehand make it another; else `maxDropImages`. */
  readonly failAbove?: number;
  /** Greatest probability of FAIL where the drop is at most D. */
  readonly falseFail: number;
  /** Greatest probability of PASS where the drop is more than D. */
  readonly falsePass: number;
}

const stateSchema = z
  .object({
    imagesSeen: z.int().min(0),
    drop: z
      .int()
      .describe(
        'Lost minus gained so far, of usable images. Divided by these it is biased away from the gate at an early stop.',
      ),
    lost: z.int().min(0),
    gained: z.int().min(0),
    unusable: z
      .int()
      .min(0)
      .describe(
        'Images seen that could not be used: each counts as the least against FAIL and as the most against PASS.',
      ),
    pAtMost: z.number().describe('Of "the drop is at most D": small speaks for FAIL.'),
    pMore: z.number().describe('Of "the drop is more than D": small speaks for PASS.'),
  })
  .describe('Where a sequential run stands: counts and anytime-valid p-values.');
/** Where a sequential run stands: counts and anytime-valid p-values. */
export type SequentialState = Readonly<z.infer<typeof stateSchema>>;

const decisionSchema = stateSchema.extend({
  verdict: z.enum(['pass', 'fail']),
  decidedBy: z
    .enum(['bound', 'certain', 'exhausted'])
    .describe(
      'bound: the evidence reached 1 / its error probability. certain: the images left cannot change the answer. exhausted: all images were seen; the answer is exact.',
    ),
});
/** A sequential test's verdict, and by what it was reached. */
export type SequentialDecision = Readonly<z.infer<typeof decisionSchema>>;

const undecidedSchema = stateSchema.extend({
  verdict: z.literal('undecided'),
  decidedBy: z
    .enum(['limit', 'unusable'])
    .describe(
      'limit: the run was ended, or had no more images, before anything was decided. unusable: all N were seen, and the answer hangs on those that could not be used.',
    ),
});

/** Schema of how a sequential run ended: decided or not. */
export const sequentialOutcomeSchema = z.union([decisionSchema, undecidedSchema]);
/** How a sequential run ended: decided or not. */
export type SequentialOutcome = Readonly<z.infer<typeof sequentialOutcomeSchema>>;

/**
 * Sequential test of "the candidate drops at most D images of N", by betting without replacement (Waudby-Smith &
 * Ramdas, JRSS-B 86 (2024), arXiv 2010.09686): valid at every image, with no assumed flip rate and no indifference
 * zone; drop = D passes. If all N images are seen the answer is exact.
 *
 * The changes must come in the order of ONE uniformly random permutation of the whole data set, seeded before the run
 * (`permutation`): not by class, not by arrival, not stratified, none left out. A random part of the data set in random
 * order is the beginning of such a permutation. An image that could not be used is given by the changes it could have
 * made (`observeUnusable`); both guarantees then hold whatever it would have made, as each test is fed the side that
 * speaks against its verdict.
 */
export class SequentialGate {
  readonly plan: SequentialPlan;
  readonly #againstAtMost = new GapMixtureWealth();
  readonly #againstMore = new GapMixtureWealth();
  #seen = 0;
  #lost = 0;
  #gained = 0;
  #usable = 0;
  /** The least and the most that all images seen can sum to, and how many of these changes are not 0. */
  readonly #least = { sum: 0, squares: 0 };
  readonly #most = { sum: 0, squares: 0 };
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
      unusable: this.#seen - this.#usable,
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
    this.#requireOpen();
    this.#usable++;
    if (x === 1) this.#lost++;
    else if (x === -1) this.#gained++;
    return this.#take({ least: x, most: x });
  }

  /**
   * Takes the next image of the permutation where it could not be used, and could have made any change in this range.
   *
   * @returns the decision as soon as there is one, else null
   * @throws RangeError if the gate has decided already
   */
  observeUnusable(possible: Changes): SequentialDecision | null {
    this.#requireOpen();
    return this.#take(possible);
  }

  #requireOpen(): void {
    if (this.#decision !== null)
      throw new RangeError(`The gate decided after ${this.#seen} images and takes no more`);
  }

  #take({ least, most: greatest }: Changes): SequentialDecision | null {
    const { population, maxDropImages: most, failAbove = most, falseFail, falsePass } = this.plan;
    const left = population - this.#seen;
    const [low, high] = [this.#least, this.#most];
    const lowBold = boldness(population, this.#seen, low.sum, low.squares);
    const highBold = boldness(population, this.#seen, high.sum, high.squares);
    betAgainstAtMost(this.#againstAtMost, failAbove, left, low.sum, lowBold, least);
    betAgainstAtLeast(this.#againstMore, most + 1, left, high.sum, highBold, greatest);
    this.#seen++;
    add(low, least);
    add(high, greatest);

    const after = left - 1;
    const certain = after === 0 ? 'exhausted' : 'certain';
    if (low.sum - after > failAbove) return this.#decide('fail', certain);
    if (high.sum + after <= most) return this.#decide('pass', certain);
    if (this.#againstAtMost.mean >= 1 / falseFail) return this.#decide('fail', 'bound');
    if (this.#againstMore.mean >= 1 / falsePass) return this.#decide('pass', 'bound');
    return null;
  }

  /** The outcome of a run that ends here: the decision, or 'undecided' (never a pass) if there is none. */
  finish(): SequentialOutcome {
    const decidedBy = this.#seen === this.plan.population ? 'unusable' : 'limit';
    return this.#decision ?? { ...this.state, verdict: 'undecided', decidedBy };
  }

  #decide(verdict: 'pass' | 'fail', decidedBy: SequentialDecision['decidedBy']): SequentialDecision {
    this.#decision = { ...this.state, verdict, decidedBy };
    return this.#decision;
  }
}

function add(so: { sum: number; squares: number }, x: Change): void {
  so.sum += x;
  if (x !== 0) so.squares++;
}
