import type { Fault } from '../domain/errors.js';

/** Faults of one code that are kept whole. */
const PER_CODE = 20;

/** Faults of one data set; of each code the first few are kept whole and the rest are counted. */
export class FaultList {
  private readonly kept: Fault[] = [];
  private readonly counts = new Map<string, number>();

  add(fault: Fault): void {
    const count = (this.counts.get(fault.code) ?? 0) + 1;
    this.counts.set(fault.code, count);
    if (count <= PER_CODE) this.kept.push(fault);
  }

  /** In order of arrival; for each code with more than are shown, a last fault that says how many more. */
  list(): Fault[] {
    const rest = [...this.counts].filter(([, count]) => count > PER_CODE);
    const more = rest.map(([code, count]) => ({
      code,
      what: `${count - PER_CODE} more faults of the kind ${code}`,
      where: null,
      remedy: null,
    }));
    return [...this.kept, ...more];
  }
}
