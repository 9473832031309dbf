import { readFileSync } from 'node:fs';

/** A WebAssembly kernel of this package and the memory that it works on. One a thread; calls don't overlap. */
export class Kernel<Functions> {
  readonly call: Functions;
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  #bytes: Uint8Array;

  /** `asset`: the file `wasm/NAME.wasm` that `npm run build` makes. */
  constructor(asset: URL) {
    const module = new WebAssembly.Module(readFileSync(asset));
    const { exports } = new WebAssembly.Instance(module);
    // The module was compiled from assembly/ by this package: its exports are what `Functions` says.
    this.call = exports as Functions;
    const own = exports as { memory: WebAssembly.Memory; heapBase: () => number };
    this.#memory = own.memory;
    this.#base = Math.ceil(own.heapBase() / 16) * 16;
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }

  /**
   * Room for buffers of these lengths in bytes, each at an address that 16 divides and with 16 bytes of
   * slack behind it. The memory only grows where a call needs more than any before; what earlier calls
   * left in it is not cleared.
   */
  reserve<const Lengths extends readonly number[]>(
    ...lengths: Lengths
  ): {
    readonly bytes: Uint8Array;
    readonly addresses: { readonly [Index in keyof Lengths]: number };
  } {
    let end = this.#base;
    const addresses = lengths.map((length) => {
      const address = end;
      end += Math.ceil(length / 16) * 16 + 16;
      return address;
    });
    const missing = end - this.#bytes.length;
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / 65536));
      this.#bytes = new Uint8Array(this.#memory.buffer);
    }
    // As many as there are lengths, in their order.
    return { bytes: this.#bytes, addresses: addresses as { [Index in keyof Lengths]: number } };
  }
}
