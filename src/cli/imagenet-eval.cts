#!/usr/bin/env node
import nodeModule = require('node:module');
import os = require('node:os');
import v8 = require('node:v8');

// Node 22 and newer keep compiled modules in the system's temporary folder: a start takes a tenth less.
(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

// libuv's threads decode images and read files for all workers: four of them, its default, starve more than six workers.
// Node reads the number before any ES module runs, so this file is CommonJS.
process.env['UV_THREADPOOL_SIZE'] ??= String(Math.max(4, os.availableParallelism()));

// Garbage is collected once it is a third of what lives. V8 by itself lets it grow to three times of that: hundreds of
// megabytes at the end of a run of 50 000 images and ten models. While modules load it would only be collected too often.
setTimeout(() => {
  v8.setFlagsFromString('--heap-growing-percent=30');
}, 1000).unref();

void import('./main.js');
