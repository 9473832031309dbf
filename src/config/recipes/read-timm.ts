import * as z from 'zod';
import { imagenetMean, imagenetStd } from './entry.js';
import {
  pillowFilters,
  shaped,
  triple,
  unreadable,
  type ReadRecipe,
  type RecipeFile,
} from './file-reading.js';
import { timmCropModes, timmEval } from './timm-eval.js';

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
  const mode = timmCropModes.find((known) => known === cropMode);
  if (mode === undefined) {
    throw unreadable(`timm's crop_mode "${cropMode}" is not followed.`, 'Spell the recipe out instead.');
  }
  if (config.test_input_size !== undefined || (config.test_crop_pct ?? null) !== null) {
    const [, testHeight, testWidth] = config.test_input_size ?? config.input_size;
    const size = testHeight === testWidth ? String(testHeight) : `${testWidth}x${testHeight}`;
    const fraction = config.test_crop_pct ?? cropFraction;
    warnings.push(
      `The file also states a test size (${size}, crop_pct ${fraction}), with which timm's published figures were made; the input size ${height === width ? height : `${width}x${height}`} was taken. \`recipe: timm:NAME@test\` is the other, by the weight's name.`,
    );
  }
  if (config.mean === undefined || config.std === undefined) {
    warnings.push("The file does not say mean and std; timm's ImageNet default was taken.");
  }
  const recipe = timmEval({
    input: { width, height },
    cropPct: cropFraction,
    cropMode: mode,
    filter,
    mean: config.mean ?? imagenetMean,
    std: config.std ?? imagenetStd,
  });
  return { recipe, warnings };
}
