import * as z from 'zod';
import type { CropRule, FilterName, NormalizeStep, Recipe, ResizeRule } from 'reference-pixels/recipe';
import { ordinary, shortSide } from './entry.js';
import { shaped, triple, unreadable, type ReadRecipe, type RecipeFile } from './file-reading.js';

const side = z.int().positive();
const sizeSchema = z.union([
  side,
  z.object({ shortest_edge: side }),
  z.object({ width: side, height: side }),
]);

const processorSchema = z.looseObject({
  image_processor_type: z.string().optional(),
  feature_extractor_type: z.string().optional(),
  do_resize: z.boolean().optional(),
  size: sizeSchema.optional(),
  resample: z.int().optional(),
  crop_pct: z.number().positive().nullish(),
  do_center_crop: z.boolean().nullish(),
  crop_size: z.union([side, z.object({ width: side, height: side })]).nullish(),
  do_rescale: z.boolean().optional(),
  rescale_factor: z.number().positive().optional(),
  rescale_offset: z.boolean().optional(),
  do_normalize: z.boolean().optional(),
  image_mean: triple.optional(),
  image_std: triple.optional(),
});
type Processor = z.infer<typeof processorSchema>;

/** PIL.Image.Resampling by number. */
const pillowByNumber: readonly FilterName[] = [
  'pillow-nearest',
  'pillow-lanczos',
  'pillow-bilinear',
  'pillow-bicubic',
  'pillow-box',
  'pillow-hamming',
];
const torchvisionByNumber: Readonly<Record<number, FilterName>> = {
  2: 'torch-bilinear-antialias',
  3: 'torch-bicubic-antialias',
};

/** Whether the content looks like a transformers `preprocessor_config.json` of images. */
export function looksLikeHuggingFace(content: unknown): boolean {
  const parsed = processorSchema.safeParse(content);
  return parsed.success && (parsed.data.do_resize !== undefined || parsed.data.image_mean !== undefined);
}

/** Processors that take a bare number as width and height; the others take it as the short side. */
const squareByDefault = /^(ViT|DeiT|Beit|Data2Vec|Segformer|Swin)/;

function resizeOf(config: Processor, type: string, warnings: string[]): ResizeRule {
  if (config.do_resize === false) return { kind: 'none' };
  const { size } = config;
  if (size === undefined) {
    throw unreadable(
      'The preprocessor_config.json resizes but states no size.',
      'Spell the recipe out instead.',
    );
  }
  if (typeof size === 'number') {
    const square = squareByDefault.test(type);
    warnings.push(
      `The file states size ${size} as a bare number; it was taken as ${square ? `${size}x${size}` : 'the short side'}, as ${type || 'the processor'} takes it.`,
    );
    return square ? { kind: 'exact', width: size, height: size } : shortSide(size);
  }
  if (!('shortest_edge' in size)) return { kind: 'exact', width: size.width, height: size.height };
  const edge = size.shortest_edge;
  if (!type.startsWith('ConvNext')) return shortSide(edge);
  // ConvNeXt's processor: below 384 a margin and a crop, from 384 on straight to a square.
  if (edge >= 384) return { kind: 'exact', width: edge, height: edge };
  const fraction = config.crop_pct ?? 224 / 256;
  if ((config.crop_pct ?? null) === null) {
    warnings.push("The file does not say crop_pct; the processor's default 224 / 256 was taken.");
  }
  return shortSide(Math.trunc(edge / fraction));
}

function cropOf(
  config: Processor,
  type: string,
  offset: CropRule['offset'],
  warnings: string[],
): CropRule | null {
  if (type.startsWith('ConvNext') && typeof config.size === 'object' && 'shortest_edge' in config.size) {
    const edge = config.size.shortest_edge;
    return edge >= 384 ? null : { width: edge, height: edge, offset };
  }
  if (config.do_center_crop !== true) return null;
  const { crop_size: said } = config;
  if (said === undefined || said === null) {
    throw unreadable(
      'The preprocessor_config.json crops but states no crop_size.',
      'Spell the recipe out instead.',
    );
  }
  const { width, height } = typeof said === 'number' ? { width: said, height: said } : said;
  if (offset === 'floor') {
    warnings.push(
      'Where an image is smaller than the crop by an odd number of pixels, transformers puts the odd row or column of zeros before it, this program behind it.',
    );
  }
  return { width: width, height: height, offset };
}

const isByte = (factor: number) => Math.abs(factor * 255 - 1) < 1e-9;

function normalizeOf(config: Processor, fast: boolean): readonly NormalizeStep[] {
  const factor = config.do_rescale === false ? 1 : (config.rescale_factor ?? 1 / 255);
  const mean = config.image_mean ?? [0.5, 0.5, 0.5];
  const std = config.image_std ?? [0.5, 0.5, 0.5];
  const normalizes = config.do_normalize !== false;
  if (fast && normalizes && factor !== 1 && config.rescale_offset !== true) {
    // Fast processors fold the factor into mean and std, in float32.
    const folded = ([r, g, b]: readonly [number, number, number]) => {
      const fold = (value: number) => Math.fround(Math.fround(value) * (1 / factor));
      return [fold(r), fold(g), fold(b)] as const;
    };
    return [
      { op: 'subtract', by: folded(mean) },
      { op: 'divide', by: folded(std) },
    ];
  }
  const steps: NormalizeStep[] = [];
  // A byte times the float64 1/255, rounded to float32, is the byte / 255.
  if (factor !== 1)
    steps.push(isByte(factor) && !fast ? { op: 'divide', by: 255 } : { op: 'multiply', by: factor });
  if (config.rescale_offset === true) steps.push({ op: 'subtract', by: 1 });
  if (normalizes) steps.push({ op: 'subtract', by: mean }, { op: 'divide', by: std });
  return steps;
}

/** What a transformers image processor does by a `preprocessor_config.json`. */
export function readHuggingFace({ content }: RecipeFile): ReadRecipe {
  const config = shaped(processorSchema, content, 'a Hugging Face preprocessor_config.json');
  const type = config.image_processor_type ?? config.feature_extractor_type ?? '';
  const fast = type.endsWith('Fast');
  const warnings = [
    fast
      ? `${type} resizes tensors with torchvision; the slow processor resizes with Pillow, and the file does not say which one a figure was made with.`
      : `The file does not say whether the slow processor (Pillow) or the fast one (torchvision tensors), which newer transformers take by default, made a figure; Pillow was taken.`,
  ];
  const resize = resizeOf(config, type, warnings);
  const resample = config.resample ?? 2;
  if (config.resample === undefined && resize.kind !== 'none') {
    warnings.push(
      'The file does not say resample; bilinear was taken, and processors differ in their default.',
    );
  }
  const filter = fast ? torchvisionByNumber[resample] : pillowByNumber[resample];
  if (filter === undefined) {
    throw unreadable(
      `The preprocessor_config.json asks for resample ${resample}${fast ? ' of a fast processor' : ''}, which is not followed.`,
      'Spell the recipe out instead.',
    );
  }
  if (config.do_normalize !== false && (config.image_mean === undefined || config.image_std === undefined)) {
    warnings.push('The file normalises but does not say image_mean and image_std; 0.5 was taken.');
  }
  const recipe: Recipe = {
    name: null,
    ...ordinary,
    resize,
    filter: resize.kind === 'none' ? null : filter,
    crop: cropOf(config, type, fast ? 'half-even' : 'floor', warnings),
    normalize: normalizeOf(config, fast),
  };
  return { recipe, warnings };
}
