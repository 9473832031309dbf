#!/usr/bin/env node
import os = require('node:os');

// libuv's threads decode images and read files for all workers: four of them, its default, starve more than six workers.
// Node reads the number before any ES module runs, so this file is CommonJS.
process.env['UV_THREADPOOL_SIZE'] ??= String(Math.max(4, os.availableParallelism()));

void import('./main.js');
