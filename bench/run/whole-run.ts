/** What run/whole.ts saw of one run. Seconds count from the start of the process. */
export interface WholeRun {
  readonly images: number;
  /** By model. */
  readonly top1: readonly number[];
  /** Data set and models are open, workers about to start. */
  readonly startedSeconds: number;
  readonly firstImageSeconds: number;
  /** Every image is done and every worker gone; reports are still to be written. */
  readonly measuredSeconds: number;
  readonly endSeconds: number;
  readonly cpuSeconds: number;
  readonly maxRssBytes: number;
  readonly marks: readonly {
    readonly images: number;
    readonly seconds: number;
    readonly cpuSeconds: number;
    readonly rssBytes: number;
  }[];
}

/** Images a second of the measurement, start and end of the workers included. */
export function measuredRate({ images, startedSeconds, measuredSeconds }: WholeRun): number {
  return images / (measuredSeconds - startedSeconds);
}

/** Images a second between the marks next to two counts of images. */
export function rateBetween(run: WholeRun, from: number, to: number): number {
  const a = markAt(run, from);
  const b = markAt(run, to);
  return (b.images - a.images) / (b.seconds - a.seconds);
}

/** Images a second once warm: without the first tenth and what comes after the last mark. */
export function steadyRate(run: WholeRun): number {
  return rateBetween(run, Math.max(500, run.images / 10), run.images);
}

/** Milliseconds of CPU an image costs once warm, all threads together. */
export function steadyCpuMs(run: WholeRun): number {
  const from = markAt(run, Math.max(500, run.images / 10));
  const to = markAt(run, run.images);
  return (1000 * (to.cpuSeconds - from.cpuSeconds)) / (to.images - from.images);
}

/** Resident bytes at the mark next to a count of images. */
export function residentAt(run: WholeRun, images: number): number {
  return markAt(run, images).rssBytes;
}

function markAt({ marks }: WholeRun, images: number): WholeRun['marks'][number] {
  const nearest = [...marks].sort((a, b) => Math.abs(a.images - images) - Math.abs(b.images - images))[0];
  if (nearest === undefined) throw new RangeError('the run has no mark');
  return nearest;
}
