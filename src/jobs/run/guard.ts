import type { ClassIndex, ClassName, Prediction } from '../../domain/domain.js';
import { RunError } from '../../domain/errors.js';
import { GUARD_IMAGES, nearChance, suspicion, type Hypothesis } from '../../metrics/suspicion.js';

/** What a model is compared with, where a verdict on it is asked for. */
export type GuardedReference =
  /** Another model of the run, by its place. */
  | { readonly kind: 'model'; readonly model: number }
  /** Predictions of an earlier run: whether they are right on a sample; null where they lack it. */
  | { readonly kind: 'known'; readonly right: (sample: number) => boolean | null };

/**
 * A verdict that is asked for on models of the run. One that is near chance beside a healthy reference on the same images
 * is a regression: that is reported, and the run goes on to its verdict.
 */
export interface Regressions {
  readonly referenceOf: (model: number) => GuardedReference | null;
  readonly tell: (model: number, text: string) => void;
}

interface Seen {
  readonly samples: number[];
  readonly predicted: ClassIndex[];
  readonly labels: ClassIndex[];
  top1: number;
}

/** Stops a run whose first few hundred images say that its set-up is wrong, and says what is likely wrong with it. */
export class SetupGuard {
  private readonly seen: Seen[];

  constructor(
    private readonly names: readonly string[],
    private readonly classes: readonly ClassName[],
    /** Images after which a model is judged; fewer where the run has fewer. */
    private readonly images: number,
    /** By model: it has more outputs than there are classes. */
    private readonly spareOutput: readonly boolean[],
    private readonly regressions: Regressions | null,
  ) {
    this.seen = names.map(() => ({ samples: [], predicted: [], labels: [], top1: 0 }));
  }

  static over(
    models: readonly { readonly name: string; readonly outputs: number }[],
    classes: readonly ClassName[],
    total: number,
    regressions: Regressions | null = null,
  ): SetupGuard {
    return new SetupGuard(
      models.map(({ name }) => name),
      classes,
      Math.min(GUARD_IMAGES, total),
      models.map(({ outputs }) => outputs > classes.length),
      regressions,
    );
  }

  /** @throws RunError `near-chance` */
  see(model: number, sample: number, label: ClassIndex, prediction: Prediction): void {
    const seen = this.seen[model]!;
    if (seen.labels.length >= this.images) return;
    seen.samples.push(sample);
    seen.predicted.push(prediction.classes[0] ?? -1);
    seen.labels.push(label);
    if (prediction.classes[0] === label) seen.top1++;
    if (seen.labels.length < this.images) return;
    for (const suspect of [
      model,
      ...this.waiting.filter(([, reference]) => reference === model).map(([m]) => m),
    ])
      this.judge(suspect);
  }

  /** Models near chance whose reference has not seen enough images yet, with that reference. */
  private waiting: readonly (readonly [model: number, reference: number])[] = [];

  private judge(model: number): void {
    const seen = this.seen[model]!;
    const found = suspicion(seen.predicted, seen.labels, this.classes);
    if (found === null) return;
    const reference = this.regressions?.referenceOf(model) ?? null;
    if (reference?.kind === 'model' && this.seen[reference.model]!.labels.length < this.images) {
      this.waiting = [...this.waiting, [model, reference.model]];
      return;
    }
    const likely = this.likely(model, seen, found);
    if (reference !== null && this.isHealthy(reference, seen)) this.tell(model, seen, likely);
    else throw this.nearChance(model, seen, found, likely);
  }

  /** Whether the reference is not near chance itself, on the images that the model saw. */
  private isHealthy(reference: GuardedReference, { samples }: Seen): boolean {
    if (reference.kind === 'model') {
      const { predicted, labels } = this.seen[reference.model]!;
      return suspicion(predicted, labels, this.classes) === null;
    }
    const known = samples.map(reference.right).filter((right) => right !== null);
    return known.length > 0 && !nearChance(known.filter(Boolean).length, known.length, this.classes.length);
  }

  private tell(model: number, { top1, labels }: Seen, likely: readonly string[]): void {
    this.regressions?.tell(
      model,
      `near chance: Top-1 over the first ${labels.length} images is ${percentOf(top1, labels.length)}, while its reference is sound on them${likely.length === 0 ? '' : `. What Top-1 would be, and what is likely: ${likely.join('; ')}`}`,
    );
  }

  private likely(model: number, seen: Seen, found: readonly Hypothesis[]): string[] {
    const n = seen.labels.length;
    const percent = (count: number, of = n): string => percentOf(count, of);
    const healthy = this.names.findIndex((_, other) => {
      const { labels, top1 } = this.seen[other]!;
      return (
        other !== model &&
        labels.length > 0 &&
        !nearChance(top1, Math.max(50, labels.length), this.classes.length)
      );
    });
    const constant = mostCommonShare(seen.predicted);
    return [
      ...found.map((h) => `${h.what}: ${percent(h.top1, h.images)} (${h.meaning})`),
      ...(healthy >= 0
        ? [
            `"${this.names[healthy]!}" has ${percent(this.seen[healthy]!.top1, this.seen[healthy]!.labels.length)} on the same labels, so look at this model's recipe, its class order and the model itself`,
          ]
        : []),
      ...(constant.share > 0.5
        ? [
            `it names class ${constant.index} for ${percent(Math.round(constant.share * n))} of the images: the input's scaling or the quantization is likely broken`,
          ]
        : []),
      ...(found.length === 0 && healthy < 0
        ? [
            'labels taken from the order of a flat folder or by other ids than the sorted WNIDs, an offset of one between 1000 and 1001 classes, another class order, or a recipe that the model was not trained for',
          ]
        : []),
    ];
  }

  private nearChance(
    model: number,
    seen: Seen,
    found: readonly Hypothesis[],
    likely: readonly string[],
  ): RunError {
    const n = seen.labels.length;
    return new RunError({
      code: 'near-chance',
      what: `Top-1 over the first ${n} images is ${percentOf(seen.top1, n)}: near the ${(100 / this.classes.length).toFixed(1)} % of chance, so the run was stopped. What Top-1 would be, and what is likely:\n${likely.map((l) => `  - ${l}`).join('\n')}`,
      where: this.names[model]!,
      remedy:
        (found[0]?.code === 'minus-one' && this.spareOutput[model] === true
          ? 'Leave `class_offset` out, or set it to 1 for this model.'
          : '`imagenet-eval explain CONFIG IMAGE` shows one image through every step, `imagenet-eval sweep` tries recipes.') +
        ' With the set-up mended start over with --fresh; to measure it all the same: --no-guard.',
    });
  }
}

function percentOf(count: number, of: number): string {
  return `${((100 * count) / of).toFixed(1)} %, ${count} of ${of}`;
}

function mostCommonShare(classes: readonly ClassIndex[]): { index: ClassIndex; share: number } {
  const counts = new Map<ClassIndex, number>();
  for (const c of classes) counts.set(c, (counts.get(c) ?? 0) + 1);
  const [index, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [-1, 0];
  return { index, share: count / Math.max(1, classes.length) };
}
