/** The part of the WebAssembly API that src/kernel.ts uses; Node has it, TypeScript declares it for browsers only. */
declare namespace WebAssembly {
  interface Module {
    readonly kind?: never;
  }
  interface Instance {
    readonly exports: unknown;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module) => Instance;
}
