import * as z from 'zod';

import { tieRules } from '../domain/domain.js';
import { gateNames } from '../metrics/verdict.js';
import { documentedInput } from '../record/documented-figure.js';
import { providerNames } from '../runtime/onnxruntime/provider.js';
import { defaultSettings, graphOptimizations } from '../runtime/session-settings.js';
import { recipeSchema } from './recipe-schema.js';

/** Defaults that move no figure; docs/config.md states them. */
export const defaults = {
  tolerance: 0.1,
  batch: 4,
  /** Where a model runs on a device of its own. */
  deviceBatch: 16,
  decodeTimeoutSeconds: 60,
  adapterStartSeconds: 120,
  adapterBatchSeconds: 60,
} as const;

const percent = z.number().min(0).max(100);
const points = z.number().min(0).max(100);

const documentedSchema = documentedInput
  .omit({ note: true })
  .refine((d) => d.top1 !== undefined || d.top5 !== undefined, 'expected top1 or top5')
  .describe('A figure that somebody published for this model file.');

const runtimeSchema = z
  .strictObject({
    command: z
      .array(z.string().min(1))
      .min(1)
      .describe(
        'Program and arguments, e.g. [python3, adapters/litert.py, model.tflite]. Relative paths are looked for like all others; {model} stands for the file of path or manifest.',
      ),
    start_timeout_seconds: z
      .number()
      .positive()
      .optional()
      .describe(`Seconds until its first line; default ${defaults.adapterStartSeconds}.`),
    timeout_seconds: z
      .number()
      .positive()
      .optional()
      .describe(`Seconds a batch may take; default ${defaults.adapterBatchSeconds}.`),
  })
  .describe('A process that runs the network instead of the built-in runtimes: docs/adapters.md.');

const providerSchema = z
  .union([
    z.enum(providerNames),
    z.strictObject({
      name: z.enum(providerNames),
      device: z.int().min(0).optional().describe('Number of the device; default: the provider chooses.'),
      options: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
        .optional()
        .describe("The provider's options, as onnxruntime documents them."),
    }),
  ])
  .describe(
    'The part of onnxruntime that computes an ONNX model; default cpu. Nodes that it does not take are computed on the CPU, counted and told.',
  );

const scoresSchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      file: z.string().min(1).describe('A .npy or a CSV.'),
      index: z
        .string()
        .min(1)
        .optional()
        .describe(
          "The images in the order of a .npy's rows: a CSV with a column id; default index.csv beside it.",
        ),
    }),
  ])
  .describe(
    'Scores that were made elsewhere, instead of a network: a .npy of [images, classes] in the order of the index.csv that `imagenet-eval tensors` writes, or a CSV with an id and its scores a line.',
  );

const modelSchema = z
  .strictObject({
    name: z.string().min(1).describe('How reports call the model; unique in the config.'),
    manifest: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Model manifest: a shipped name or a path. It brings the SHA-256, the documented figure and where to fetch the file.',
      ),
    path: z
      .string()
      .min(1)
      .optional()
      .describe('The .onnx or .tflite file. ${NAME} is replaced by the environment variable.'),
    runtime: runtimeSchema.optional(),
    scores: scoresSchema.optional(),
    provider: providerSchema.optional(),
    documented: documentedSchema.optional(),
    recipe: recipeSchema
      .optional()
      .describe("This model's preprocessing, where it differs from the config's."),
    compare_with: z
      .string()
      .optional()
      .describe('Name of the model (usually the float one) that this one is compared with, image by image.'),
    tolerance: points
      .optional()
      .describe(
        "Points of Top-1 that the measured figure may lie below the documented one; overrides the config's.",
      ),
    class_offset: z
      .int()
      .min(0)
      .max(1)
      .optional()
      .describe(
        '1: output 0 is a background class and is taken off. Not given: inferred from the width of the output, and printed.',
      ),
    output: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Name of the output that holds the class scores, where the model has several of their width.',
      ),
  })
  .refine(
    (m) => [m.manifest, m.path, m.runtime, m.scores].some((source) => source !== undefined),
    'expected manifest, path, runtime or scores',
  )
  .refine(
    (m) =>
      m.scores === undefined ||
      [m.manifest, m.path, m.runtime, m.provider, m.output].every((other) => other === undefined),
    'scores stand for a network: leave out manifest, path, runtime, provider and output',
  )
  .describe('One network to measure.');

/** Words for where the labels stand that are neither a manifest's name nor a path. */
export const labelWords = ['folders', 'filenames'] as const;

/** Schema of `dataset.labels`. */
export const labelsSchema = z
  .string()
  .min(1)
  .describe(
    'ilsvrc2012-val (shipped), another data-set manifest, folders (WNID folders), filenames (WNID_name.JPEG), or a file: val.txt, LOC_val_solution.csv, or WNIDs in file order.',
  );

const datasetSchema = z
  .strictObject({
    images: z
      .string()
      .min(1)
      .describe(
        'ILSVRC2012_img_val.tar, another tar, a flat folder, or a folder of WNID folders. ${NAME} is replaced by the environment variable.',
      ),
    labels: labelsSchema,
    synsets: z
      .string()
      .optional()
      .describe(
        'File with "WNID name" a line in class order; not given: the 1000 classes of ImageNet, or those of the manifest.',
      ),
    labels_real: z
      .string()
      .optional()
      .describe('ReaL labels (Beyer et al. 2020), real.json: accuracy on them is shown beside Top-1.'),
    subset: z
      .boolean()
      .optional()
      .describe('true: these are knowingly fewer images than the manifest states; every report says so.'),
    only: z
      .string()
      .optional()
      .describe(
        'File with one image id a line, the only ones to take, as `imagenet-eval view` writes it; every report says so.',
      ),
    exclude: z
      .string()
      .optional()
      .describe('File with one image id a line to leave out; every report says so.'),
  })
  .describe('Images and their labels.');

const gatesSchema = z
  .strictObject({
    max_top1_drop: points
      .optional()
      .describe('Points of Top-1 that a model may lose against compare_with (or the baseline).'),
    max_top1_drop_vs_documented: points
      .optional()
      .describe('Points of Top-1 that a model may lie below its documented figure.'),
    max_flip_rate: percent
      .optional()
      .describe('Percent of images that the reference has right and the model may have wrong.'),
    max_ties: percent.optional().describe('Percent of images that may have a tied top score.'),
    max_class_drop: points
      .optional()
      .describe('Points that any one class may lose; a single image never decides.'),
    min_agreement: percent
      .optional()
      .describe(
        "Percent of images on which the model must name the reference's class; naming the right one counts too.",
      ),
    population: z
      .enum(['whole-set', 'these-images'])
      .optional()
      .describe(
        'What the verdicts speak of where only a part of the data set is run. whole-set (default): the part speaks for the whole by its interval, as a random draw would. these-images: the images run are the whole question, and a verdict on them is exact.',
      ),
    on_undecided: z
      .enum(['fail', 'pass'])
      .optional()
      .describe(
        'fail (default): a gate that can not be decided (too few images, nothing to compare with) ends with exit code 1. pass: it is only told.',
      ),
  })
  .refine(
    (gates) => gateNames.some((name) => gates[name] !== undefined),
    'expected at least one limit, e.g. max_top1_drop: 1',
  )
  .describe('Limits that decide the exit code. An image that a model gains never counts against it.');

/** The most that may be asked for: beyond it machines run out of memory before anything is gained. */
export const most = { workers: 256, batch: 256 } as const;

const engineSchema = z
  .strictObject({
    workers: z
      .int()
      .min(1)
      .max(most.workers)
      .optional()
      .describe('Worker threads, each with a session a model; default: one a core.'),
    batch: z
      .int()
      .min(1)
      .max(most.batch)
      .optional()
      .describe(
        `Images a call of onnxruntime; default ${defaults.batch}, ${defaults.deviceBatch} on a device of its own, and 1 for a network whose scores depend on what else is in the batch.`,
      ),
    graph_optimization: z
      .enum(graphOptimizations)
      .optional()
      .describe(`onnxruntime's graph optimisation; default ${defaultSettings.graphOptimization}.`),
    spinning: z
      .boolean()
      .optional()
      .describe(`Whether idle threads of onnxruntime spin; default ${defaultSettings.spinning}.`),
    arena: z.boolean().optional().describe(`onnxruntime's memory arena; default ${defaultSettings.arena}.`),
    fixed_dimensions: z
      .boolean()
      .optional()
      .describe(
        `Whether onnxruntime is told the batch size before it optimises a graph; default ${defaultSettings.fixedDimensions}.`,
      ),
    prepared: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder that keeps what the recipes make of each image, filled by the first run and used from the second on.',
      ),
    decode_timeout_seconds: z
      .number()
      .positive()
      .optional()
      .describe(
        `An image that takes longer to decode is given up and named; default ${defaults.decodeTimeoutSeconds}.`,
      ),
  })
  .describe('Settings of speed. The counts never change with them; `imagenet-eval tune` finds the fastest.');

/** Schema of a config file. */
export const configSchema = z
  .strictObject({
    title: z.string().optional().describe('The question that the report answers, as its heading.'),
    dataset: datasetSchema,
    recipe: recipeSchema
      .optional()
      .describe('Preprocessing of all models that name no own: a named recipe, or spelled out.'),
    models: z.array(modelSchema).min(1).describe('The networks; each image is decoded once for all of them.'),
    tolerance: points
      .optional()
      .describe(
        `Points of Top-1 that a measured figure may lie below the documented one; default ${defaults.tolerance}.`,
      ),
    ties: z
      .enum(tieRules)
      .optional()
      .describe(
        "Who wins among equal scores; default lowest-index (numpy's stable order). timm's onnx_validate: highest-index.",
      ),
    on_bad_image: z
      .enum(['fail', 'skip'])
      .optional()
      .describe(
        'fail (default): the run finishes the rest and ends with exit code 2. skip: such images are left out, and every report says so.',
      ),
    gates: gatesSchema.optional(),
    sweep: z
      .array(recipeSchema)
      .min(1)
      .optional()
      .describe(
        'Recipes that `imagenet-eval sweep` compares on one model: names, or { base: NAME, ...overrides }. Without it, it tries the sensible ones.',
      ),
    engine: engineSchema.optional(),
  })
  .describe('Configuration of imagenet-eval.');

/** A config as its file has it. */
export type ConfigInput = z.infer<typeof configSchema>;
/** The gates of a config: limits in points and percent. */
export type GatesInput = z.infer<typeof gatesSchema>;
