import type { Fault } from '../domain/errors.js';

/** Faults of one data set; of each code the first few are kept whole and the rest are counted. */
export class FaultList {
  private readonly kept: Fault[] = [];
  private readonly counts = new Map<string, number>();

  constructor(private readonly perCode = 20) {}

  add(fault: Fault): void {
    const count = (this.counts.get(fault.code) ?? 0) + 1;
    this.counts.set(fault.code, count);
    if (count <= this.perCode) this.kept.push(fault);
  }

  /** In order of arrival; for each code with more than are shown, a last fault that says how many more. */
  list(): Fault[] {
    const rest = [...this.counts].filter(([, count]) => count > this.perCode);
    const more = rest.map(([code, count]) => ({
      code,
      what: `${count - this.perCode} more faults of the kind ${code}`,
      where: null,
      remedy: null,
    }));
    return [...this.kept, ...more];
  }
}
