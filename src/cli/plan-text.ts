import type { Plan } from '../jobs/run/options.js';
import type { FirstTensor } from '../engine/messages.js';
import { recipeSteps } from '../report/recipe-text.js';
import { deviceText, runtimeText } from '../record/runtime-identity.js';

/** What is about to run, in a few lines. */
export function planText({ dataset, samples, models, workers, onDevice, batch, machine }: Plan): string {
  const recipes = new Map(
    models.flatMap(({ recipe, recipeSha256 }) => (recipe === null ? [] : [[recipeSha256, recipe]])),
  );
  return [
    `data     ${dataset.source.description}`,
    `labels   ${dataset.labelsDescription}`,
    `images   ${samples.length}${dataset.subset === null ? '' : ` (${dataset.subset})`}`,
    ...[...recipes.values()].map(
      (recipe) => `recipe   ${recipe.name ?? 'spelled out'}: ${recipeSteps(recipe).join(', ')}`,
    ),
    ...models.map((model) => {
      const { config, facts, sha256, network } = model;
      const offset = facts.classOffset === 0 ? '' : ', output 0 (background) taken off';
      const tail = `${facts.outputClasses} outputs${offset}, sha256 ${sha256.slice(0, 12)}`;
      if (network === null) return `model    ${config.name}: ${facts.scheme}, ${model.file}, ${tail}`;
      const { layout, dtype, width, height } = model.facts.tensor;
      return `model    ${config.name}: ${facts.scheme}, ${dtype} ${layout} ${width}x${height}, ${tail}, on ${runtimeText(network.identity)} (${deviceText(network.identity)})`;
    }),
    `running  ${workers} workers${onDevice ? ', one of which feeds the device' : ''}, batch ${batch}, ${machine.cpu}`,
  ].join('\n');
}

/** `tensor   hardnet39ds float: float32 [1, 3, 224, 224], min -2.118, mean -0.213, max 2.640 (n01440764_tench.JPEG)` */
export function tensorText(statistics: readonly FirstTensor[], names: readonly string[]): string {
  return statistics
    .map(
      ({ model, tensor: { image, shape, dtype, min, mean, max } }) =>
        `tensor   ${names[model]!}: ${dtype} [${shape.join(', ')}], min ${min.toFixed(3)}, mean ${mean.toFixed(3)}, max ${max.toFixed(3)} (${image})`,
    )
    .join('\n');
}
