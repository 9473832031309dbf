import type { ModelSummary } from './summary-schema.js';

type Recipe = NonNullable<ModelSummary['recipe']>;

const decoders: Record<Recipe['decode'], string> = {
  pillow: 'decode as Pillow does',
  opencv: 'decode as cv2.imread does, turned by EXIF and with CMYK its own way',
  'tensorflow-fast-dct': "decode with TensorFlow's fast DCT",
};

/** A recipe step by step in words, in the order in which the steps run. */
export function recipeSteps(recipe: Recipe): string[] {
  const { resize, crop, filter } = recipe;
  const steps = [
    decoders[recipe.decode],
    recipe.centralFraction === null ? null : `keep the central ${recipe.centralFraction} of each side`,
    recipe.range === 'unit' ? 'scale bytes to 0..1 before resizing' : null,
    resize.kind === 'none'
      ? 'no resize'
      : resize.kind === 'exact'
        ? `resize to ${resize.width} x ${resize.height}, aspect ratio lost (${filter ?? 'no filter'})`
        : resize.kind === 'short-side'
          ? `resize the short side to ${resize.size} (${filter ?? 'no filter'}, long side as ${resize.rounding})`
          : resize.kind === 'central-square'
            ? `take the central square of ${resize.fraction} of the short side, resize to ${resize.width} x ${resize.height} (${filter ?? 'no filter'})`
            : `resize to ${resize.kind} ${resize.width} x ${resize.height}, aspect ratio kept (${filter ?? 'no filter'})`,
    crop === null
      ? 'no crop'
      : `centre crop ${crop.width} x ${crop.height} (offset ${crop.offset}${crop.fill === undefined ? '' : `, padded with [${crop.fill.join(', ')}]`})`,
    `channels ${recipe.channelOrder.toUpperCase()}`,
    ...recipe.normalize.map(
      ({ op, by }) => `${op} ${op === 'subtract' || op === 'add' ? '' : 'by '}${operand(by)}`,
    ),
    recipe.normalize.length === 0 ? 'values left at 0..255' : null,
  ];
  return steps.filter((step) => step !== null);
}

function operand(by: number | readonly number[]): string {
  return typeof by === 'number' ? String(by) : `[${by.join(', ')}]`;
}
