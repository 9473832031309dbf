import { z } from 'zod';
import { crop, imagenetMean, imagenetStd, ordinary, shortSide, timmScaleSize } from './entry.js';
import {
  pillowFilters,
  shaped,
  triple,
  unreadable,
  type ReadRecipe,
  type RecipeFile,
} from './file-reading.js';

const inputSize = z.tuple([z.int(), z.int().positive(), z.int().positive()]);

const dataConfig = z.looseObject({
  input_size: inputSize.optional(),
  test_input_size: inputSize.optional(),
  crop_pct: z.number().positive().nullish(),
  test_crop_pct: z.number().positive().nullish(),
  crop_mode: z.string().nullish(),
  interpolation: z.string().nullish(),
  mean: triple.optional(),
  std: triple.optional(),
});
const configSchema = dataConfig.extend({ pretrained_cfg: dataConfig.optional() });

/** Whether the content looks like a timm `config.json`, from the Hugging Face hub or of the older flat form. */
export function looksLikeTimm(content: unknown): boolean {
  const parsed = configSchema.safeParse(content);
  return parsed.success && (parsed.data.pretrained_cfg ?? parsed.data).input_size !== undefined;
}

/** timm's evaluation transform for a `config.json`. */
export function readTimm({ content }: RecipeFile): ReadRecipe {
  const whole = shaped(configSchema, content, 'a timm config.json');
  const config = whole.pretrained_cfg ?? whole;
  const warnings: string[] = [];
  const orDefault = <T extends string | number>(key: string, said: T | null | undefined, fallback: T): T => {
    if (said !== undefined && said !== null) return said;
    warnings.push(`The file does not say ${key}; timm's default ${fallback} was taken.`);
    return fallback;
  };
  if (config.input_size === undefined) {
    throw unreadable('The timm config.json has no input_size.', 'Spell the recipe out instead.');
  }
  const [, height, width] = config.input_size;
  if (height !== width) {
    throw unreadable(
      `The timm config.json has an input of ${width}x${height}; only square inputs are followed.`,
      'Spell the recipe out instead.',
    );
  }
  const cropMode = orDefault<string>('crop_mode', config.crop_mode, 'center');
  const cropFraction = orDefault<number>('crop_pct', config.crop_pct, 0.875);
  const interpolation = orDefault<string>('interpolation', config.interpolation, 'bicubic');
  const filter = pillowFilters[interpolation];
  if (filter === undefined) {
    throw unreadable(
      `The timm config.json names the interpolation "${interpolation}", which is no filter of Pillow.`,
      'Spell the recipe out instead.',
    );
  }
  if (cropMode !== 'center' && cropMode !== 'squash') {
    throw unreadable(`timm's crop_mode "${cropMode}" is not followed.`, 'Spell the recipe out instead.');
  }
  if (config.test_input_size !== undefined || (config.test_crop_pct ?? null) !== null) {
    const size = config.test_input_size?.[1] ?? height;
    const fraction = config.test_crop_pct ?? cropFraction;
    warnings.push(
      `The file also states a test size (${size}, crop_pct ${fraction}), with which timm's published figures were made; the input size ${height} was taken. Override resize and crop for the other.`,
    );
  }
  if (config.mean === undefined || config.std === undefined) {
    warnings.push("The file does not say mean and std; timm's ImageNet default was taken.");
  }
  const scaleSize = timmScaleSize(height, cropFraction);
  const recipe = {
    name: null,
    ...ordinary,
    resize:
      cropMode === 'squash'
        ? ({ kind: 'exact', width: scaleSize, height: scaleSize } as const)
        : shortSide(scaleSize),
    filter,
    crop: crop(height),
    normalize: [
      { op: 'divide', by: 255 },
      { op: 'subtract', by: config.mean ?? imagenetMean },
      { op: 'divide', by: config.std ?? imagenetStd },
    ],
  } as const;
  return { recipe, warnings };
}
