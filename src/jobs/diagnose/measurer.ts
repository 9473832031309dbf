import type { TieRule } from '../../domain/domain.js';
import type { ErrorShare } from '../../metrics/error-share.js';
import { errorShare } from '../../metrics/error-share.js';
import type { PairedTable } from '../../metrics/paired.js';
import { rankRow } from '../../metrics/top-k.js';
import { chunks } from './chunks.js';
import type { TaskPool } from './pool/task-pool.js';
import type { CutNetwork, Stretch } from './cut-network.js';
import type { Images, Part } from './images.js';
import type { Variant } from './networks.js';

/** A network that is measured: what it says of each image, by the image's place in the order. */
export interface Measured {
  /** Squared distance of its scores to the float network's, summed over the classes; NaN where it wasn't run. */
  readonly error: Float64Array;
  /** Its best class; -1 where it wasn't run or has no best. */
  readonly best: Int32Array;
  /** Images from the start of the order that it was shown. */
  shown: number;
}

/** Images of one task of a network that is run on many. */
const CHUNK = 32;
/** Variants that are shown the same images, from which on it is worth to compute what they have in common beforehand. */
const TOGETHER = 4;

/** Runs networks over the images and compares their scores with the float network's. */
export class Measurer {
  private readonly floatScores: Float32Array;

  constructor(
    private readonly pool: TaskPool,
    private readonly images: Images,
    private readonly classes: number,
    private readonly ties: TieRule,
    /** null: every variant is computed as a whole. */
    private readonly cutNetwork: CutNetwork | null,
    /** Told how many images went through how much of a network. */
    private readonly onRun: (images: number) => void,
  ) {
    this.floatScores = new Float32Array(images.count * classes);
  }

  get count(): number {
    return this.images.count;
  }

  fresh(): Measured {
    return {
      error: new Float64Array(this.images.count).fill(NaN),
      best: new Int32Array(this.images.count).fill(-1),
      shown: 0,
    };
  }

  /** The network that all others are compared with; it must be measured first. */
  async reference(variant: Variant): Promise<Measured> {
    const measured = this.fresh();
    for await (const part of this.images.parts(0, this.images.count)) {
      await this.inChunks(variant, null, part, (scores, places) => {
        places.forEach((place, row) => {
          this.floatScores.set(this.rowOf(scores, row), place * this.classes);
        });
        this.take(measured, scores, places);
      });
    }
    measured.shown = this.images.count;
    return measured;
  }

  /** Shows each network the images of the order up to `to` that it hasn't seen. */
  async show(
    entries: readonly { readonly variant: Variant; readonly measured: Measured }[],
    to: number,
  ): Promise<void> {
    const starts = [...new Set(entries.map(({ measured }) => measured.shown))].sort((a, b) => a - b);
    for (const start of starts) {
      if (start >= to) continue;
      const group = entries.filter(({ measured }) => measured.shown === start);
      for await (const part of this.images.parts(start, to)) {
        if (this.cutNetwork === null || group.length < TOGETHER) await this.showPart(group, part);
        else
          for await (const window of this.cutNetwork.windows(part))
            await this.showPart(group, window, this.cutNetwork);
      }
      for (const { measured } of group) measured.shown = to;
    }
  }

  private async showPart(
    entries: readonly { readonly variant: Variant; readonly measured: Measured }[],
    part: Part,
    cutNetwork: CutNetwork | null = null,
  ): Promise<void> {
    const computed = entries.map(({ variant, measured }) => {
      const edit = cutNetwork === null ? null : (variant.edit?.() ?? null);
      return { variant, measured, stretch: edit === null ? null : cutNetwork!.stretch(edit) };
    });
    // A thread that has the rest of a network open goes on with it.
    computed.sort((a, b) => (a.stretch?.key ?? -1) - (b.stretch?.key ?? -1));
    await Promise.all(
      computed.map(({ variant, measured, stretch }) =>
        this.inChunks(variant, stretch, part, (scores, places) => {
          this.take(measured, scores, places);
        }),
      ),
    );
  }

  private async inChunks(
    variant: Variant,
    stretch: Stretch | null,
    { rows, places }: Part,
    take: (scores: Float32Array, places: readonly number[]) => void,
  ): Promise<void> {
    const { make, edit: _, ...rest } = variant;
    const shown = chunks(places, CHUNK);
    await Promise.all(
      chunks(rows, CHUNK).map(async (part, at) => {
        const scores = await this.pool.run<'score'>(() => ({
          kind: 'score',
          ...rest,
          ...(stretch?.make() ?? { bytes: make(), given: [], tail: null }),
          rows: part,
        }));
        take(scores, shown[at]!);
        this.onRun(part.length * (stretch?.share ?? 1));
      }),
    );
  }

  private rowOf(scores: Float32Array, row: number): Float32Array {
    return scores.subarray(row * this.classes, (row + 1) * this.classes);
  }

  private take(measured: Measured, scores: Float32Array, places: readonly number[]): void {
    places.forEach((place, row) => {
      const own = this.rowOf(scores, row);
      const float = this.rowOf(this.floatScores, place);
      let error = 0;
      for (let i = 0; i < own.length; i++) error += (own[i]! - float[i]!) ** 2;
      // A score that is no number is as far off as can be.
      measured.error[place] = Number.isFinite(error) ? error : Number.MAX_VALUE / 1e9;
      const { classes } = rankRow(own, 0, this.classes, 0, null, this.ties);
      measured.best[place] = classes[0] ?? -1;
    });
  }

  /** How much of the error of `before` goes away with `after`, on the images from the start that both saw. */
  share(before: Measured, after: Measured, confidence = 0.95): ErrorShare {
    const places = this.common(before, after);
    return errorShare(
      places.map((place) => before.error[place]!),
      places.map((place) => after.error[place]!),
      confidence,
    );
  }

  /** Who is right on which images that both saw. */
  table(reference: Measured, candidate: Measured): PairedTable {
    const table = { bothCorrect: 0, referenceOnly: 0, candidateOnly: 0, bothWrong: 0 };
    for (const place of this.common(reference, candidate)) {
      const label = this.images.label(place);
      const [first, second] = [reference.best[place] === label, candidate.best[place] === label];
      if (first && second) table.bothCorrect++;
      else if (first) table.referenceOnly++;
      else if (second) table.candidateOnly++;
      else table.bothWrong++;
    }
    return table;
  }

  /** Images on which both say the same best class, of those that both saw. */
  agreement(a: Measured, b: Measured): { readonly same: number; readonly images: number } {
    const places = this.common(a, b);
    return { same: places.filter((place) => a.best[place] === b.best[place]).length, images: places.length };
  }

  /** Images on which `before` differs from the float network and `after` doesn't, and the other way round. */
  flips(
    float: Measured,
    before: Measured,
    after: Measured,
  ): { readonly wonBack: number; readonly lost: number } {
    let [wonBack, lost] = [0, 0];
    for (const place of this.common(before, after)) {
      const [was, is] = [before.best[place] === float.best[place], after.best[place] === float.best[place]];
      if (!was && is) wonBack++;
      else if (was && !is) lost++;
    }
    return { wonBack, lost };
  }

  /** Mean squared error an image over the images that it saw, up to `to`. */
  meanError(measured: Measured, to = Infinity): number {
    const errors = [...measured.error].filter((error, place) => place < to && !Number.isNaN(error));
    return errors.length === 0 ? 0 : errors.reduce((sum, error) => sum + error, 0) / errors.length;
  }

  private common(a: Measured, b: Measured): number[] {
    const places: number[] = [];
    for (let place = 0; place < this.images.count; place++)
      if (!Number.isNaN(a.error[place]!) && !Number.isNaN(b.error[place]!)) places.push(place);
    return places;
  }
}
