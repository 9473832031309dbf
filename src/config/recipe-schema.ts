import * as z from 'zod';
import {
  channelOrders,
  cropOffsets,
  decodeNames,
  filterNames,
  pixelRanges,
  roundings,
  type FilterName,
} from 'reference-pixels/recipe';

/** The strict YAML form of a recipe; `recipeFrom` turns what it lets through into a `Recipe`. */

const pixels = z.int().min(1).max(16384);

const box = z.strictObject({ width: pixels, height: pixels });
const byte = z.int().min(0).max(255);

const triple = z.tuple([z.number(), z.number(), z.number()]);
const operand = z
  .union([z.number(), triple], { error: 'Expected a number, or three numbers in the order of channel_order' })
  .describe('One number for all channels, or three in the order of channel_order.');
const divisor = operand.refine((by) => (typeof by === 'number' ? [by] : by).every((value) => value !== 0), {
  error: 'Expected divisors other than 0',
});

const normalizeStep = z.union(
  [
    z.strictObject({ divide: divisor.describe('x / value') }),
    z.strictObject({ multiply: operand.describe('x * value') }),
    z.strictObject({ subtract: operand.describe('x - value') }),
    z.strictObject({ add: operand.describe('x + value') }),
  ],
  { error: 'Expected one of { divide: V }, { multiply: V }, { subtract: V }, { add: V }' },
);

/** The fields whose wrong value moves the figure; each must be said. */
const said = {
  decode: z
    .enum(decodeNames)
    .describe(
      "Whose decoder's bytes: pillow (libjpeg-turbo, accurate DCT), opencv (imread: the same, turned by EXIF, CMYK its own way), or tensorflow-fast-dct (the default of tf.io.decode_jpeg).",
    ),
  resize: z
    .union(
      [
        z.literal('none').describe('Leave the size as it is.'),
        z.strictObject({
          short_side: pixels.describe('The short side becomes this many pixels; aspect ratio kept.'),
        }),
        z.strictObject({
          width: pixels.describe('Straight to this width, aspect ratio lost.'),
          height: pixels.describe('Straight to this height, aspect ratio lost.'),
        }),
        z.strictObject({
          central_square: z
            .number()
            .gt(0)
            .lte(1)
            .describe('The central square of this share of the short side, as the TFLite evaluation tool.'),
          width: pixels.describe('Straight to this width.'),
          height: pixels.describe('Straight to this height.'),
        }),
        z.strictObject({
          cover: box.describe('The smallest size that covers width x height; aspect ratio kept.'),
        }),
        z.strictObject({
          contain: box.describe('The largest size that fits into width x height; aspect ratio kept.'),
        }),
      ],
      {
        error:
          'Expected none, { short_side: N }, { width: W, height: H }, or { cover: ... } or { contain: ... } of { width: W, height: H }',
      },
    )
    .describe(
      'How the size after the resize follows from the image: none, { short_side: N }, { width: W, height: H }, or cover or contain with { width: W, height: H }.',
    ),
  filter: z
    .union([z.literal('none'), z.enum(filterNames as readonly FilterName[])], {
      error: (issue) =>
        `Expected one of none, ${filterNames.join(', ')} but received ${JSON.stringify(issue.input)}`,
    })
    .describe(
      'The resampler, named by the library whose bytes it gives; none if and only if resize is none.',
    ),
  crop: z
    .union(
      [
        z.literal('none').describe('Keep the whole resized image.'),
        pixels.describe('A square of this side.'),
        z.strictObject({
          width: pixels.describe('Width of the crop.'),
          height: pixels.describe('Height of the crop.'),
          offset: z
            .enum(cropOffsets)
            .default('half-even')
            .describe(
              'half-even: int(round((n - crop) / 2)) with halves to even, as torchvision; floor: rounded down, as MLPerf and TensorFlow; ceil: rounded up, as pycls.',
            ),
          fill: z
            .tuple([byte, byte, byte])
            .optional()
            .describe('Red, green and blue of the padding; not given: 0.'),
        }),
      ],
      { error: 'Expected none, a size N, or { width: W, height: H, offset: half-even | floor | ceil }' },
    )
    .describe(
      'Centre crop after the resize; a plain number is a square at offset half-even. Padded with fill, else zeros, where it exceeds the image.',
    ),
  channel_order: z
    .enum(channelOrders)
    .describe('Order of the channels in the tensor; means are given in this order.'),
};

/** Fields with a default that is the common case; reports print what held. */
const assumed = {
  rounding: z
    .enum(roundings)
    .describe(
      'With resize.short_side only. torchvision (default): long side int(N * long / short); tensorflow-float32: both sides truncated from float32 products; nearest: long side rounded, halves to even.',
    ),
  central_fraction: z
    .number()
    .gt(0)
    .lte(1)
    .nullable()
    .describe('Central part kept before the resize, as tf.image.central_crop; null (default) keeps all.'),
  range: z
    .enum(pixelRanges)
    .describe(
      'What the resampler sees: bytes 0..255 (default), or unit: float32(pixel * float32(1/255)), for TensorFlow filters only.',
    ),
};

/** Two ways to say the normalisation: a list of steps, or scale with mean and std. */
const normalisation = {
  normalize: z
    .union([z.literal('none'), z.array(normalizeStep)], {
      error:
        'Expected none or a list of steps such as [ { divide: 255 }, { subtract: [..] }, { divide: [..] } ]',
    })
    .describe('float32 steps in order, each operand and each result rounded to float32; none leaves 0..255.'),
  scale: z
    .union([z.string().regex(/^1\/\d+(\.\d+)?$/), z.number()], {
      error: 'Expected a fraction such as 1/255, or a number',
    })
    .describe('Shorthand with mean and std. The fraction 1/255 divides by 255; a number multiplies.'),
  mean: operand.describe('Shorthand: subtracted after scale.'),
  std: divisor.describe('Shorthand: divided by after mean.'),
};

/** Name of a recipe; which there are is known when one is looked for. */
export const recipeNameSchema = z
  .string()
  .min(1)
  .describe(
    'A named recipe (see imagenet-eval recipes), or a published weight such as timm:resnet50.a1_in1k.',
  )
  .meta({ id: 'recipeName' });

const fields = z
  .strictObject({
    base: recipeNameSchema.describe('Name of the recipe to start from.'),
    ...said,
    ...assumed,
    ...normalisation,
  })
  .partial();
type RecipeFields = z.infer<typeof fields>;

const saidKeys = [
  'decode',
  'resize',
  'filter',
  'crop',
  'channel_order',
] as const satisfies readonly (keyof typeof said)[];

/** Nothing that moves the figure is assumed: without a base each such field must be there. */
function missingFields(value: RecipeFields): readonly string[] {
  return value.base === undefined ? saidKeys.filter((key) => value[key] === undefined) : [];
}

/** What is wrong with how the normalisation is said, or null: it is said once, as steps or as scale, mean and std together. */
function normalisationFault(value: RecipeFields): string | null {
  const shorthand = (['scale', 'mean', 'std'] as const).filter((key) => value[key] !== undefined);
  if (value.normalize !== undefined && shorthand.length > 0) {
    return `Expected normalize, or scale with mean and std, but received both normalize and ${shorthand.join(', ')}`;
  }
  if (shorthand.length === 1 || shorthand.length === 2) {
    return `Expected scale, mean and std together but received only ${shorthand.join(' and ')}`;
  }
  if (value.normalize === undefined && shorthand.length === 0 && value.base === undefined) {
    return 'Expected normalize (steps or none), or scale with mean and std, but received neither';
  }
  return null;
}

const spelledRecipe = fields
  .superRefine((value, context) => {
    for (const key of missingFields(value)) {
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `Expected ${key}, for it has no default: it moves the figure (only a recipe with base may leave it out)`,
      });
    }
    const fault = normalisationFault(value);
    if (fault !== null) context.addIssue({ code: 'custom', path: ['normalize'], message: fault });
  })
  .meta({ anyOf: [{ required: ['base'] }, { required: saidKeys }] });

/** A recipe in YAML: a name, a name with overrides, or everything spelled out. */
export const recipeSchema = z
  .union([recipeNameSchema, spelledRecipe], {
    error: 'Expected the name of a recipe (see `imagenet-eval recipes`) or a map that spells one out',
  })
  .describe(
    'How an image becomes the input tensor: a name, { base: NAME, ...overrides }, or everything spelled out (then decode, resize, filter, crop, channel_order and the normalisation are required).',
  );

/** A recipe as YAML has it: a name, or fields. */
export type RecipeConfig = z.infer<typeof recipeSchema>;
/** A recipe in YAML that is more than a name. */
export type SpelledRecipeConfig = Exclude<RecipeConfig, string>;
