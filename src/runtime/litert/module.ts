import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';

import type { LitertPackage } from './package.js';

/**
 * The build without relaxed SIMD: its results are the same on every processor and version of Node; the other's
 * products of integers are the processor's own.
 */
const script = 'litert_wasm_compat_internal.js';

/** The module of `@litertjs/core`. */
export type Litert = typeof import('@litertjs/core');

/** The package ready for use, and what it has said since. */
export interface LoadedLitert {
  readonly litert: Litert;
  /** Lines that it has logged and nobody has taken. */
  readonly takeLog: () => readonly string[];
}

let loaded: Promise<LoadedLitert> | null = null;

/** Loads the package's WebAssembly once a thread. It is written for browsers: the thread stands in for one while it loads. */
export function loadLitert(installed: LitertPackage): Promise<LoadedLitert> {
  loaded ??= load(installed);
  return loaded;
}

interface Browser {
  self?: unknown;
  importScripts?: unknown;
  Module?: unknown;
  ModuleFactory?: unknown;
}

async function load({ wasm }: LitertPackage): Promise<LoadedLitert> {
  // What the package looks for on a browser's worker, and is not declared in Node.
  const browser = globalThis as Browser;
  let log: string[] = [];
  const say = (line: string): void => {
    log.push(line);
  };
  browser.self = globalThis;
  browser.importScripts = (file: string) => {
    const module: { exports: unknown } = { exports: {} };
    const parameters = ['require', 'module', 'exports', '__filename', '__dirname'];
    // The script is CommonJS inside a package of ES modules: Node's own loader refuses it.
    const run = compileFunction(readFileSync(file, 'utf8'), parameters, { filename: file }) as (
      ...values: unknown[]
    ) => void;
    run(createRequire(file), module, module.exports, file, dirname(file));
    browser.ModuleFactory = module.exports;
  };
  browser.Module = { print: say, printErr: say, locateFile: (name: string) => join(wasm, name) };
  const litert = await import('@litertjs/core');
  const { warn } = console;
  // It warns that there is no GPU, which nobody asked for.
  console.warn = say;
  try {
    await litert.loadLiteRt(join(wasm, script));
  } finally {
    console.warn = warn;
    delete browser.importScripts;
  }
  return {
    litert,
    takeLog() {
      const taken = log;
      log = [];
      return taken;
    },
  };
}
