import * as z from 'zod';

import { tieRules } from '../domain/domain.js';
import { percentage } from '../domain/values.js';
import { gateNames } from '../metrics/verdict.js';
import { defaultSettings, graphOptimizations } from '../runtime/session-settings.js';
import { defaults } from './defaults.js';
import { modelSchema } from './model-schema.js';
import { recipeSchema } from './recipe-schema.js';

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
    max_top1_drop: percentage
      .optional()
      .describe('Points of Top-1 that a model may lose against compare_with (or the baseline).'),
    max_top1_drop_vs_documented: percentage
      .optional()
      .describe('Points of Top-1 that a model may lie below its documented figure.'),
    max_flip_rate: percentage
      .optional()
      .describe('Percent of images that the reference has right and the model may have wrong.'),
    max_ties: percentage.optional().describe('Percent of images that may have a tied top score.'),
    max_class_drop: percentage
      .optional()
      .describe('Points that any one class may lose; a single image never decides.'),
    min_agreement: percentage
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
    tolerance: percentage
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
