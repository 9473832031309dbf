import * as z from 'zod';

import { percentage } from '../domain/values.js';
import { documentedInput } from '../record/documented-figure.js';
import { providerNames } from '../runtime/onnxruntime/provider.js';
import { defaults } from './defaults.js';
import { recipeSchema } from './recipe-schema.js';

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

/** A model of a config. */
export const modelSchema = z
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
    tolerance: percentage
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
