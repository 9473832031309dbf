import { availableParallelism } from 'node:os';

import { defaults, type Config } from '../../config/config.js';
import type { EngineSample } from '../../engine/options.js';
import { tangoInterval } from '../../metrics/paired-interval.js';
import type { DiagnosedModel } from '../../report/diagnosis-schema.js';
import { TaskPool, Stopped } from './pool/task-pool.js';
import { CutNetwork } from './cut-network.js';
import { compareConstants, suspects } from './evidence.js';
import { Images, type BadImage } from './images.js';
import { Measurer } from './measurer.js';
import { networksOf, type Networks } from './networks.js';
import { observe, type ObservedTensor } from './observe/observe.js';
import { Workload, type DiagnosisProgress } from './progress.js';
import type { PhaseResults } from './phase-results.js';
import { recordModel } from './record.js';
import { restoreGreedily, type RestorableLayer } from './restoration.js';
import { byPlace, screen, type Candidate } from './screening.js';
import { restorationOf, type Subject } from './subject.js';

/** Images of the first look at every quantizer, and of the look into the tensors: a broken one shows on these. */
const FIRST_LOOK = 8;
/** Of a network, what a variant of it has computed at an average. */
const STRETCH = 0.6;
/** Images that quantizers are shown at most, and layers. */
const MOST = { quantizers: 128, layers: 64 } as const;
/** Candidates that are never dropped. */
const KEPT = 8;
/** Images on which layers are chosen, and layers restored at most. */
const CHOOSING = 32;
const STEPS = 8;
/** dB from which on a stored bias is not worth a measurement: its error is beside that of the layer's activations. */
const EXACT_BIAS = 40;

export interface DiagnoseModelOptions {
  readonly config: Config;
  readonly subject: Subject;
  /** The images looked at, in their order. */
  readonly samples: readonly EngineSample[];
  readonly classes: number;
  readonly workers: number | null;
  readonly batch: number | null;
  /** Layers that are restored at least, where there are so many. */
  readonly restore: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DiagnosisProgress) => void;
}

export interface ModelDiagnosis {
  readonly model: DiagnosedModel;
  /** Quantizers of the layers that were restored, step after step. */
  readonly restored: readonly (readonly number[])[];
  readonly bad: readonly BadImage[];
  readonly stopped: boolean;
}

/** Diagnoses one model. @returns null where it was stopped before anything was known */
export async function diagnoseModel(options: DiagnoseModelOptions): Promise<ModelDiagnosis | null> {
  const { config, subject, samples, workers, signal } = options;
  const pool = await TaskPool.start(workers ?? config.engine.workers ?? availableParallelism(), signal);
  const networks = networksOf(
    subject,
    options.batch ?? config.engine.batch ?? defaults.batch,
    options.classes,
  );
  const images = new Images(
    pool,
    samples,
    networks.inputs,
    config.engine.decodeTimeoutSeconds * 1000,
    networks.float.batch,
  );
  const workload = new Workload(subject.int8.config.name, options.onProgress);
  const variants = networks.over(images.inputs);
  const cut = new CutNetwork(subject, pool, variants.int8([]));
  const measurer = new Measurer(pool, images, options.classes, config.ties, cut, (runs) => {
    workload.did(runs);
  });
  const work = new Work(options, pool, images, variants, measurer, workload);
  try {
    await work.run();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    await pool.close();
  }
  const { results } = work;
  if (results === null) return null;
  return {
    model: recordModel(subject, measurer, results),
    restored: results.steps.map(({ quantizers }) => quantizers),
    bad: [...images.bad.values()],
    stopped: signal.aborted,
  };
}

/** The phases of a diagnosis; what each finds stays where a later one is stopped. */
class Work {
  private found: { -readonly [K in keyof PhaseResults]: PhaseResults[K] } | null = null;

  constructor(
    private readonly options: DiagnoseModelOptions,
    private readonly pool: TaskPool,
    private readonly images: Images,
    private readonly networks: Networks,
    private readonly measurer: Measurer,
    private readonly workload: Workload,
  ) {}

  get results(): PhaseResults | null {
    return this.found;
  }

  async run(): Promise<void> {
    const { subject } = this.options;
    const constants = compareConstants(subject);
    const measurable = subject.quantizers.map((quantizer, place) => {
      if (restorationOf(subject, place) === null) return false;
      const sqnr = constants[place]?.seen.sqnr ?? null;
      return quantizer.kind !== 'bias' || (sqnr !== null && sqnr < EXACT_BIAS);
    });
    const places = [...measurable.keys()].filter((place) => measurable[place]);
    const { count } = this.images;
    const most = { quantizers: Math.min(MOST.quantizers, count), layers: Math.min(MOST.layers, count) };
    const layers = subject.layers
      .map((layer, at) => ({
        layer: at,
        quantizers: layer.quantizers.filter((place) => restorationOf(subject, place) !== null),
      }))
      .filter(({ quantizers }) => quantizers.length > 0);
    const steps = Math.min(Math.max(STEPS, this.options.restore), layers.length);
    this.plan(places.length, layers.length, steps, most);

    await this.undisturbed(constants);
    const found = this.found!;

    this.workload.begin('observe', 'ranges of all tensors');
    const looked = await observe(subject, this.pool, this.images, this.networks.observed, FIRST_LOOK);
    this.workload.did(2 * looked.images);
    found.observedTensors = looked.observedTensors;
    found.observedImages = looked.images;

    const { undisturbed } = found;
    found.quantizers = byPlace(places, (place) => this.candidate([place]));
    this.workload.begin('quantizers', 'each quantizer alone in float');
    await screen(this.measurer, [...found.quantizers.values()], {
      undisturbed,
      first: FIRST_LOOK,
      images: most.quantizers,
      keep: KEPT,
      onLook: (candidates, shown) => {
        this.workload.say(`${candidates} quantizers, each alone in float, on ${shown} images`);
      },
    });

    found.layers = new Map(layers.map(({ layer, quantizers }) => [layer, this.candidate(quantizers)]));
    this.workload.begin('layers', 'each layer alone in float');
    await screen(this.measurer, [...found.layers.values()], {
      undisturbed,
      first: FIRST_LOOK,
      images: most.layers,
      keep: KEPT,
      onLook: (candidates, shown) => {
        this.workload.say(`${candidates} layers, each alone in float, on ${shown} images`);
      },
    });

    await this.restore(layers, steps, looked.observedTensors, constants);
    this.workload.end();
  }

  /** What the networks give as they are. */
  private async undisturbed(constants: PhaseResults['constants']): Promise<void> {
    this.workload.begin('undisturbed', 'both networks as they are');
    const { float, fused, int8 } = this.networks;
    const reference = await this.measurer.reference(float);
    const entries = [fused, int8([])].map((variant) => ({ variant, measured: this.measurer.fresh() }));
    await this.measurer.show(entries, this.images.count);
    this.found = {
      float: reference,
      fused: entries[0]!.measured,
      undisturbed: entries[1]!.measured,
      constants,
      observedTensors: [],
      observedImages: 0,
      quantizers: new Map(),
      layers: new Map(),
      steps: [],
    };
  }

  private async restore(
    layers: readonly { readonly layer: number; readonly quantizers: readonly number[] }[],
    steps: number,
    observedTensors: readonly ObservedTensor[],
    constants: PhaseResults['constants'],
  ): Promise<void> {
    const found = this.found!;
    const accused = suspects(this.options.subject, observedTensors, constants);
    const restorable = layers.map(({ layer, quantizers }): RestorableLayer => ({
      layer,
      quantizers,
      error: this.measurer.meanError(found.layers.get(layer)!.measured, FIRST_LOOK),
      suspect: quantizers.some((place) => accused.has(place)),
    }));
    this.workload.begin('restoration', 'layers put back into float, the best first');
    await restoreGreedily(this.measurer, {
      layers: restorable,
      undisturbed: found.undisturbed,
      choosing: Math.min(CHOOSING, this.images.count),
      images: this.images.count,
      steps,
      atLeast: this.options.restore,
      withinChance: (measured) => tangoInterval(this.measurer.table(found.float, measured)).lower <= 0,
      variantOf: (quantizers) => this.networks.int8(quantizers),
      onStep: (step) => {
        found.steps = [...found.steps, step];
        this.workload.say(`${found.steps.length} of at most ${steps} layers put back into float`);
      },
    });
  }

  private candidate(quantizers: readonly number[]): Candidate {
    return { variant: this.networks.int8(quantizers), measured: this.measurer.fresh(), dropped: false };
  }

  private plan(
    quantizers: number,
    layers: number,
    steps: number,
    most: { quantizers: number; layers: number },
  ): void {
    const { count } = this.images;
    const halving = (candidates: number, images: number): number => {
      let [runs, left, before] = [0, candidates, 0];
      for (let look = Math.min(FIRST_LOOK, images); ; look = Math.min(2 * look, images)) {
        runs += left * (look - before);
        if (look >= images) return runs;
        before = look;
        left = Math.min(left, Math.max(KEPT, Math.ceil(left / 2)));
      }
    };
    this.workload.expect('undisturbed', 3 * count);
    this.workload.expect('observe', 2 * Math.min(FIRST_LOOK, count));
    this.workload.expect('quantizers', STRETCH * halving(quantizers, most.quantizers));
    this.workload.expect('layers', STRETCH * halving(layers, most.layers));
    this.workload.expect('restoration', steps * (6 * STRETCH * Math.min(CHOOSING, count) + count));
  }
}
