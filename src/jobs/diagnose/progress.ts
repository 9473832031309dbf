/** What a diagnosis is at, for whoever watches. */
export interface DiagnosisProgress {
  readonly model: string;
  /** E.g. `98 activations and 75 weights, alone in float`. */
  readonly phase: string;
  /** Image runs done and expected. */
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  /** null before anything can be said. */
  readonly secondsLeft: number | null;
}

/** Image runs of each phase, expected before it begins and exact once it ended: the time left follows from both. */
export class Workload {
  private readonly phases = new Map<string, { expected: number; done: number }>();
  private readonly started = performance.now();
  private current = '';
  private label = '';

  constructor(
    private readonly model: string,
    private readonly onProgress: (progress: DiagnosisProgress) => void,
  ) {}

  expect(phase: string, runs: number): void {
    this.phases.set(phase, { expected: runs, done: 0 });
  }

  begin(phase: string, label: string): void {
    this.end();
    this.current = phase;
    this.label = label;
    this.tell();
  }

  /** What is done within a phase, said more exactly. */
  say(label: string): void {
    this.label = label;
    this.tell();
  }

  did(runs: number): void {
    const phase = this.phases.get(this.current);
    if (phase !== undefined) phase.done += runs;
    this.tell();
  }

  end(): void {
    const phase = this.phases.get(this.current);
    if (phase !== undefined) phase.expected = phase.done;
  }

  private tell(): void {
    let [done, total] = [0, 0];
    for (const phase of this.phases.values()) {
      done += phase.done;
      total += Math.max(phase.expected, phase.done);
    }
    const seconds = (performance.now() - this.started) / 1000;
    const secondsLeft = done < 32 ? null : ((total - done) * seconds) / done;
    this.onProgress({ model: this.model, phase: this.label, done, total, seconds, secondsLeft });
  }
}
