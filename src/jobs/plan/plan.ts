import type { Config } from '../../config/config.js';
import type { GatesInput } from '../../config/schema.js';
import { criticalValue } from '../../metrics/normal.js';
import { chanceOfClassDrop, plainImages, POWER, sequentialImages } from '../../metrics/planning.js';
import type { GateName } from '../../metrics/verdict.js';
import type { PlannedGateRecord, PlanRecord } from '../../report/plan.js';
import { askables, askedGates, requiredGates } from '../check/asked-gates.js';
import { GATE_ERROR } from '../check/judge.js';
import { measure } from '../run/evaluate.js';
import { silent, unkept, type Plan } from '../run/options.js';
import { tool } from '../tool.js';

export interface PlanOptions {
  readonly config: Config;
  /** Models are to be compared with a baseline. */
  readonly baseline: boolean;
  /** Percent of the images whose correctness flips besides the drop. */
  readonly flips: number;
  /** Points that the candidates are assumed to drop; null: several shares of the limit. */
  readonly drop: number | null;
  /** Of a sequential check. */
  readonly errorRate: number;
  readonly workers: number | null;
  readonly signal: AbortSignal;
  readonly onWarning: (text: string) => void;
}

/** Flips that are assumed where nobody says otherwise: as many as sound int8 models of ImageNet have. */
export const USUAL_FLIPS = 4.5;

/** Images that are run to see how fast this machine is. */
const PROBED_IMAGES = 48;

/** Shares of a limit that a drop is assumed to be. */
const SHARES = [0, 0.25, 0.5, 0.77] as const;

/**
 * Says before a check how many images its gates need, plain and sequential, and how long that takes on this machine;
 * a few images are run for it.
 *
 * @returns null where the signal stopped it
 */
export async function planCheck(options: PlanOptions): Promise<PlanRecord | null> {
  const { config, onWarning } = options;
  const gates = requiredGates(config);
  let opened: Plan | null = null;
  const { record, stopped } = await measure({
    config,
    ...unkept,
    workers: options.workers,
    batch: null,
    signal: options.signal,
    events: { ...silent, onWarning },
    sampling(plan) {
      opened = plan;
      const every = Math.max(1, Math.floor(plan.samples.length / PROBED_IMAGES));
      return {
        order: plan.samples
          .map((_, index) => index)
          .filter((index) => index % every === 0)
          .slice(0, PROBED_IMAGES),
        part: 'a probe',
      };
    },
  });
  // The callback's assignment is invisible to the compiler, which would take `opened` for null here.
  const plan = opened as Plan | null;
  if (stopped || plan === null) return null;
  const speed = record.run.seconds > 0 ? record.samples.length / record.run.seconds : null;
  return planOf(plan, gates, { ...options, imagesPerSecond: speed, sequential: true });
}

/** The same for a run that is about to begin, without running any image. */
export function planOf(
  { dataset, samples, models }: Plan,
  gates: GatesInput,
  settings: Pick<PlanOptions, 'baseline' | 'flips' | 'drop' | 'errorRate'> & {
    readonly imagesPerSecond: number | null;
    /** Whether sequential checks are worked out too, which takes a second or two. */
    readonly sequential: boolean;
  },
): PlanRecord {
  const { baseline, flips, drop, errorRate } = settings;
  const population = gates.population === 'these-images' ? samples.length : dataset.population;
  const able = askables(models, baseline);
  const asked = models.flatMap((model, index) =>
    askedGates(gates, able, able[index]!).map(({ gate, limit }) => ({ model, gate, limit })),
  );
  const shared = {
    confidence: 1 - GATE_ERROR / Math.max(1, asked.length),
    errorRate: errorRate / Math.max(1, asked.length),
  };
  return {
    format: 'onnx-imagenet-eval/plan',
    version: 1,
    tool,
    dataset: dataset.source.description,
    images: samples.length,
    population,
    imagesPerSecond: settings.imagesPerSecond,
    power: POWER,
    ...shared,
    flips,
    gates: asked.map(({ model, gate, limit }): PlannedGateRecord => {
      const known = { model: model.config.name, gate, limit };
      if (gate === 'max_class_drop')
        return {
          ...known,
          needs: [],
          notes: classNotes(limit, {
            flips,
            labels: samples.map(({ label }) => label),
            part: population !== samples.length,
            confidence: shared.confidence,
          }),
        };
      const documented = model.documented?.top1 ?? 100;
      const needs = figures(gate, limit, flips, drop).map((figure) => {
        const planned = { ...sumOf(gate, limit, figure, flips, documented), population };
        return {
          figure,
          plain: plainImages(planned, shared.confidence),
          sequential: settings.sequential ? sequentialImages(planned, shared.errorRate) : null,
        };
      });
      return { ...known, needs, notes: sizeNotes(needs, samples.length, population) };
    }),
  };
}

/** What a gate's figure is assumed to be. */
function figures(
  gate: Exclude<GateName, 'max_class_drop'>,
  limit: number,
  flips: number,
  drop: number | null,
): number[] {
  switch (gate) {
    case 'max_top1_drop':
    case 'max_top1_drop_vs_documented':
      return drop === null ? SHARES.map((share) => Number((share * limit).toPrecision(3))) : [drop];
    case 'max_flip_rate':
      return [flips / 2 + (drop ?? 0)];
    case 'max_ties':
      return [0];
    case 'min_agreement':
      // Of images whose correctness flips to the worse another class is named; of as many more that stay wrong too.
      return [100 - flips - (drop ?? 0)];
  }
}

/** The sum that a gate tests, with its limit, as shares of the images. */
function sumOf(
  gate: Exclude<GateName, 'max_class_drop'>,
  limit: number,
  figure: number,
  flips: number,
  documented: number,
) {
  switch (gate) {
    case 'max_top1_drop':
      return {
        limit: limit / 100,
        assumed: { against: (flips / 2 + Math.max(0, figure)) / 100, inFavour: flips / 200 },
      };
    case 'max_top1_drop_vs_documented':
      return {
        limit: (100 - documented + limit) / 100,
        assumed: { against: Math.min(1, (100 - documented + figure) / 100), inFavour: 0 },
      };
    case 'max_flip_rate':
    case 'max_ties':
      return { limit: limit / 100, assumed: { against: figure / 100, inFavour: 0 } };
    case 'min_agreement':
      return { limit: (100 - limit) / 100, assumed: { against: (100 - figure) / 100, inFavour: 0 } };
  }
}

function sizeNotes(needs: PlannedGateRecord['needs'], images: number, population: number | null): string[] {
  if (images === population) return [];
  const enough = needs.filter(({ plain }) => plain <= images);
  if (enough.length === needs.length) return [];
  return enough.length === 0
    ? [`The ${images} images at hand decide it at none of these figures, as likely as not.`]
    : [`The ${images} images at hand decide it at ${enough.length} of these ${needs.length} figures.`];
}

/** From this chance on a gate that a sound model should pass is called what it is. */
const COIN_TOSS = 0.05;

/** What a limit on single classes can decide: by chance alone on a whole set, and hardly anything on a part. */
function classNotes(
  limit: number,
  {
    flips,
    labels,
    part,
    confidence,
  }: {
    readonly flips: number;
    readonly labels: readonly number[];
    readonly part: boolean;
    readonly confidence: number;
  },
): string[] {
  const perClass = new Map<number, number>();
  for (const label of labels) perClass.set(label, (perClass.get(label) ?? 0) + 1);
  const sizes = [...perClass.values()].sort((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)] ?? 0;
  if (usual === 0) return [];
  const classes = `${usual} ${usual === 1 ? 'image' : 'images'} in each of ${sizes.length} classes`;
  if (part) {
    // Tango's interval of a class that lost nothing: z^2 / (n + z^2) still has to fit the limit.
    const z2 = criticalValue(1 - (1 - confidence) / sizes.length) ** 2;
    const needed = Math.ceil((z2 * (100 - limit)) / Math.max(limit, 1e-9));
    return usual >= needed
      ? []
      : [
          `With ${classes}, a part of the set, these images can't decide it: a class that lost none would need ${needed} of its images.`,
        ];
  }
  const chance = (points: number): number => chanceOfClassDrop(points, usual, sizes.length, flips / 100);
  const now = chance(limit);
  const percent = (share: number): string => `${(100 * share).toFixed(share < 0.001 ? 2 : 0)} %`;
  const head = `With ${classes} a model without any true drop fails it by chance in ${percent(now)} of the cases (${flips} % of the images flip)`;
  if (now <= COIN_TOSS) return [`${head}.`];
  const better = Array.from({ length: 100 }, (_, points) => points + 1).find(
    (points) => points > limit && chance(points) <= COIN_TOSS,
  );
  return [
    `${head}: these images can't decide it.${better === undefined ? '' : ` From a limit of ${better} points on that happens in less than ${percent(COIN_TOSS)}.`}`,
  ];
}
