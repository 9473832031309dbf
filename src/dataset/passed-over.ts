/** Names that are shown. */
const SHOWN = 3;

/** Names that were passed over for one reason: a count and the first few. */
export class PassedOver {
  private count = 0;
  private readonly first: string[] = [];

  constructor(private readonly reason: string) {}

  add(name: string): void {
    this.count++;
    if (this.first.length < SHOWN) this.first.push(name);
  }

  /** E.g. `2 files that are no images: readme.txt, .DS_Store`; empty when there were none. */
  notes(): string[] {
    if (this.count === 0) return [];
    const more = this.count > this.first.length ? ', …' : '';
    return [`${this.count} ${this.reason}: ${this.first.join(', ')}${more}`];
  }
}
