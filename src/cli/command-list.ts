import type { Command } from 'commander';

import type { ExitCode } from './exit.js';

export type AddCommand = (program: Command, finish: (code: ExitCode) => void) => void;

export interface CommandEntry {
  readonly description: string;
  readonly load: () => Promise<AddCommand>;
  /** It runs images through networks: a thread for that is started before its module is loaded. */
  readonly measures?: true;
}

/**
 * Every command but `completion`, which needs this list, in the order of the help text. A command's module is loaded when it is asked for: loading all takes longer
 * than many of them run, and the help text needs none of them.
 */
export const commands: Readonly<Record<string, CommandEntry>> = {
  run: {
    description:
      'measure the models of a config, or model files at once, and write a report folder; goes on where an earlier run stopped',
    load: async () => (await import('./commands/run.js')).addRun,
    measures: true,
  },
  init: {
    description:
      'write the commented config of what `run` just measured without one; with model files and --images, of those',
    load: async () => (await import('./commands/init.js')).addInit,
  },
  check: {
    description:
      'may this model ship? Compares each model with its compare_with or a baseline, image by image, by the gates of the config',
    load: async () => (await import('./commands/check.js')).addCheck,
    measures: true,
  },
  plan: {
    description:
      'how many images do the gates of a config need, plain and sequential, and how long does that take here?',
    load: async () => (await import('./commands/plan.js')).addPlan,
  },
  baseline: {
    description: 'keep the predictions of a run as a small file, for `check --baseline`',
    load: async () => (await import('./commands/baseline.js')).addBaseline,
  },
  explain: {
    description:
      'show one image through every step: decode, sizes, crop, tensor, hashes, and the five best classes of each model',
    load: async () => (await import('./commands/explain.js')).addExplain,
  },
  sweep: {
    description:
      "which preprocessing made this number? Runs one model over many recipes, each image decoded once, and ranks them; with no list (--recipes, the config's sweep) it tries the sensible ones",
    load: async () => (await import('./commands/sweep.js')).addSweep,
    measures: true,
  },
  diagnose: {
    description:
      'why did it drop? Takes the quantizers of a QDQ model out one at a time, on the pixels of the evaluation, and names those that cost its accuracy, what is wrong with them and what to do',
    load: async () => (await import('./commands/diagnose.js')).addDiagnose,
  },
  view: {
    description: 'look at every image of a run, or of one that is going on, in the browser of this machine',
    load: async () => (await import('./commands/view.js')).addView,
  },
  tune: {
    description: "find this machine's fastest engine settings for a config; no prediction changes with them",
    load: async () => (await import('./commands/tune.js')).addTune,
  },
  demo: {
    description:
      'reproduce the documented figures of the embedded demo: 400 drawings, a float and an int8 network',
    load: async () => (await import('./commands/demo.js')).addDemo,
    measures: true,
  },
  prepare: {
    description:
      "keep what the config's recipes make of each image: later runs neither decode nor resize; goes on where it stopped",
    load: async () => (await import('./commands/prepare.js')).addPrepare,
  },
  tensors: {
    description:
      'write what a network of the config would get of every image, for a board without a host runtime: .npy parts and an index; `models[].scores` takes the scores back',
    load: async () => (await import('./commands/tensors.js')).addTensors,
  },
  verify: {
    description: 'check data and models against their manifests; names what is missing, extra or altered',
    load: async () => (await import('./commands/verify.js')).addVerify,
  },
  fetch: {
    description: 'download the file of a model manifest to the cache; resumes and verifies',
    load: async () => (await import('./commands/fetch.js')).addFetch,
  },
  report: {
    description: 'render a run again from its files, or several runs as a comparison over time',
    load: async () => (await import('./commands/report.js')).addReport,
  },
  merge: {
    description: 'join the folders of `run --shard` into the report that one run gives',
    load: async () => (await import('./commands/merge.js')).addMerge,
  },
  cache: {
    description: 'the store of predictions that `run` reuses',
    load: async () => (await import('./commands/cache.js')).addCache,
  },
  recipes: {
    description: 'list the named preprocessing recipes and what they do; every published weight is one too',
    load: async () => (await import('./commands/recipes.js')).addRecipes,
  },
  errors: {
    description: 'what the code of an error means and what to do; without one, all codes',
    load: async () => (await import('./commands/errors.js')).addErrors,
  },
  schema: {
    description: 'print the JSON Schema of the config, so that editors complete it',
    load: async () => (await import('./commands/schema.js')).addSchema,
  },
};
