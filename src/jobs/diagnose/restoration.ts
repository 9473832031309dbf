import type { Measured, Measurer } from './measurer.js';
import type { Variant } from './networks.js';

/** A layer, as the restoration sees it. */
export interface RestorableLayer {
  /** Place in the list of layers. */
  readonly layer: number;
  /** Quantizers that go with it. */
  readonly quantizers: readonly number[];
  /** Mean squared error with this layer alone restored; what is known before the search. */
  readonly error: number;
  /** Something is plainly wrong with one of its quantizers: it is tried in every step. */
  readonly suspect: boolean;
}

export interface RestorationStep {
  /** Place in the list of layers; the layers of all steps up to this one are restored. */
  readonly layer: number;
  readonly quantizers: readonly number[];
  readonly measured: Measured;
}

export interface RestorationOptions {
  readonly layers: readonly RestorableLayer[];
  readonly undisturbed: Measured;
  /** Images on which layers are chosen. */
  readonly choosing: number;
  /** Images on which each step is measured. */
  readonly images: number;
  readonly steps: number;
  /** Layers that are restored whatever is left. */
  readonly atLeast: number;
  /** Whether a network's drop is within chance: a few layers more tell all that these images can. */
  readonly withinChance: (measured: Measured) => boolean;
  readonly variantOf: (quantizers: readonly number[]) => Variant;
  /** Told of each step as it is known. */
  readonly onStep: (step: RestorationStep) => void;
}

/** Layers tried in one step. */
const TRIED = 6;
/** Layers that are restored at least, though the drop is within chance before. */
const FEWEST = 3;
/** Share of the undisturbed network's error at which it is as good as restored. */
const LEFT = 0.1;

/**
 * Restores layer after layer, always the one whose restoration, with those before it, leaves the least squared error to the float
 * network's scores. A step tries the layers that did best when they were last tried and those that are suspect: with one quantizer
 * badly broken the worth of another shows only once the first is restored.
 */
export async function restoreGreedily(
  measurer: Measurer,
  {
    layers,
    undisturbed,
    choosing,
    images,
    steps,
    atLeast,
    withinChance,
    variantOf,
    onStep,
  }: RestorationOptions,
): Promise<void> {
  const last = new Map(layers.map((layer) => [layer, layer.error]));
  const restored = new Set<number>();
  const start = measurer.meanError(undisturbed, choosing);
  for (let step = 0; step < steps && last.size > 0; step++) {
    const ordered = [...last.keys()].sort((a, b) => last.get(a)! - last.get(b)!);
    const tried = [
      ...new Set([...ordered.slice(0, TRIED), ...ordered.filter(({ suspect }) => suspect).slice(0, TRIED)]),
    ];
    const entries = tried.map((layer) => ({
      layer,
      variant: variantOf([...new Set([...restored, ...layer.quantizers])].sort((a, b) => a - b)),
      measured: measurer.fresh(),
    }));
    await measurer.show(entries, choosing);
    for (const { layer, measured } of entries) last.set(layer, measurer.meanError(measured, choosing));
    const best = entries.reduce((a, b) => (last.get(b.layer)! < last.get(a.layer)! ? b : a));
    const left = last.get(best.layer)!;
    last.delete(best.layer);
    for (const quantizer of best.layer.quantizers) restored.add(quantizer);
    // Layers all of whose quantizers are restored have nothing more to give.
    for (const layer of last.keys())
      if (layer.quantizers.every((quantizer) => restored.has(quantizer))) last.delete(layer);
    await measurer.show([best], images);
    onStep({ layer: best.layer.layer, quantizers: best.layer.quantizers, measured: best.measured });
    const enough = left <= LEFT * start || (step + 1 >= FEWEST && withinChance(best.measured));
    if (enough && step + 1 >= atLeast) return;
  }
}
