import type { Box, Size } from 'reference-pixels/recipe';
import { bytes, score } from '../report/figures.js';
import { classNamer } from '../report/class-name.js';
import { recipeSteps } from '../report/recipe-text.js';
import type { ExplainedModel, ExplainedRecipe, Explanation } from '../jobs/explain/explain.js';

/** One image through every step, for a terminal. */
export function explainText(explanation: Explanation): string {
  const { header, label } = explanation;
  const kind =
    header.format === 'jpeg'
      ? `JPEG, ${header.components === 1 ? 'greyscale' : `${header.components} components`}`
      : `PNG, ${header.bitDepth} bits, colour type ${header.colourType}`;
  return [
    `image    ${explanation.image}`,
    `file     ${kind}, ${size(header)}, ${bytes(explanation.bytes)}, sha256 ${explanation.sha256}`,
    `label    ${label.index} ${label.wnid} ${label.name}`,
    ...explanation.recipes.flatMap((recipe, place) => recipeLines(recipe, place)),
    ...explanation.models.flatMap((model) => modelLines(model, explanation)),
  ].join('\n');
}

function recipeLines({ recipe, sha256, decoded, geometry, crop }: ExplainedRecipe, place: number): string[] {
  const { source, resized, crop: box } = geometry;
  const whole = source.width === decoded.width && source.height === decoded.height;
  return [
    '',
    `recipe ${place + 1} ${recipe.name ?? 'spelled out'} (${sha256.slice(0, 12)}): ${recipeSteps(recipe).join(', ')}`,
    `  decoded    ${size(decoded)} RGB, sha256 ${decoded.sha256}`,
    ...(whole ? [] : [`  kept       ${boxText(source)}`]),
    `  resized    ${recipe.filter === null ? 'no' : `${size(source)} to ${size(resized)} by ${recipe.filter}`}`,
    `  crop       ${boxText(box)}${box.left < 0 || box.top < 0 ? ', padded with 0' : ''}`,
    `  pixels     ${size(crop)} ${crop.type} RGB, sha256 ${crop.sha256}`,
    ...(crop.file === null ? [] : [`  picture    ${crop.file}`]),
  ];
}

function modelLines({ name, recipe, tensor, prediction }: ExplainedModel, of: Explanation): string[] {
  const nameOf = classNamer(of.classes);
  const { minimum, mean, maximum } = tensor;
  const { labelAbove, labelTied, tiedTop } = prediction;
  const ranked = prediction.classes.map(
    (index, at) =>
      `  ${at + 1}. ${score(prediction.scores[at]!).padStart(8)}  ${String(index).padStart(4)} ${nameOf(index)}${index === of.label.index ? '   <- the label' : ''}`,
  );
  return [
    '',
    `model ${name} (recipe ${recipe + 1})`,
    `  tensor     ${tensor.dtype} [${tensor.shape.join(', ')}], min ${minimum.toFixed(4)}, mean ${mean.toFixed(4)}, max ${maximum.toFixed(4)}, sha256 ${tensor.sha256}`,
    ...(prediction.invalid ? ['  scores     NaN: wrong for every k'] : ranked),
    `  label      ${labelAbove} classes score above it${labelTied > 0 ? `, ${labelTied} the same` : ''}${tiedTop > 1 ? `; ${tiedTop} classes share the highest score` : ''}`,
  ];
}

function size({ width, height }: Size): string {
  return `${width} x ${height}`;
}

function boxText({ left, top, width, height }: Box): string {
  return `${width} x ${height} at left ${left}, top ${top}`;
}
