import { isAbsolute, relative } from 'node:path';
import type { Recipe } from 'reference-pixels/recipe';
import { Document, isCollection, stringify, visit } from 'yaml';

import { recipeDigest } from '../../config/recipe-form.js';
import { shortForm } from '../../config/recipes/short-form.js';
import type { FoundLabels } from '../../dataset/find-labels.js';
import type { ModelInput } from './model-input.js';

export interface QuickModel extends ModelInput {
  readonly recipe: Recipe;
  /** Why this recipe, as a sentence. */
  readonly why: string;
  readonly manifest: string | null;
  readonly documented: number | null;
}

export interface QuickPlan {
  readonly images: string;
  readonly labels: FoundLabels;
  readonly models: readonly QuickModel[];
  readonly compareWith: string | null;
}

/** The config that measures what was planned, commented for the person who goes on from it. */
export function configText({ images, labels, models, compareWith }: QuickPlan): string {
  const recipes = new Map(models.map(({ recipe }) => [recipeDigest(recipe), recipe]));
  const [common] = recipes.size === 1 ? [...recipes.values()] : [];
  return [
    '# What is measured; `imagenet-eval run` with this file does it again. docs/config.md explains every key.',
    'dataset:',
    comment(`${labels.labelled} of ${labels.images} images have a label: ${labels.why}.`, '  '),
    `  images: ${word(here(images))}`,
    `  labels: ${word(labels.labels.includes('/') ? here(labels.labels) : labels.labels)}`,
    ...(labels.synsets === null ? [] : [`  synsets: ${word(here(labels.synsets))}`]),
    ...(labels.subset ? ['  subset: true # knowingly fewer images than the whole set'] : []),
    '',
    ...(common === undefined ? [] : [comment(models[0]!.why, ''), recipeText(common, ''), '']),
    'models:',
    ...models.flatMap((model) => modelLines(model, labels, common === undefined, compareWith)),
    '',
    '# What decides a CI job; see docs/config.md, gates.',
    '# gates: { max_top1_drop: 1, min_agreement: 90, max_ties: 2 }',
    '',
  ].join('\n');
}

function modelLines(
  model: QuickModel,
  labels: FoundLabels,
  ownRecipe: boolean,
  compareWith: string | null,
): string[] {
  const { name, file, manifest, documented, recipe, why } = model;
  return [
    `  - name: ${word(name)}`,
    ...(manifest === null ? [] : [`    manifest: ${word(manifest)} # brings the documented figure`]),
    `    path: ${word(here(file))}`,
    ...(ownRecipe ? [comment(why, '    '), recipeText(recipe, '    ')] : []),
    ...(compareWith === null || compareWith === name ? [] : [`    compare_with: ${word(compareWith)}`]),
    ...(documented === null
      ? []
      : [
          '    # images and dataset: what the figure was made on.',
          `    documented: { top1: ${documented}, ${documentedOn(labels)}, source: given on the command line }`,
        ]),
  ];
}

/** A figure for ImageNet's classes is taken to be of its validation set, one for others to be of these images. */
function documentedOn({ synsets, images }: FoundLabels): string {
  return synsets === null ? 'images: 50000, dataset: ilsvrc2012-val' : `images: ${images}`;
}

function recipeText(recipe: Recipe, indent: string): string {
  const document = new Document({ recipe: shortForm(recipe) });
  visit(document, {
    Collection(_, node, path) {
      // The keys of a recipe a line each, what is in them within it.
      node.flow = path.filter(isCollection).length > 1;
    },
  });
  return document
    .toString({ lineWidth: 0, flowCollectionPadding: true })
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}`)
    .join('\n');
}

/** A scalar as YAML writes it. */
function word(text: string): string {
  return stringify(text, { lineWidth: 0 }).trimEnd();
}

/** Words wrapped to comment lines. */
function comment(text: string, indent: string): string {
  const lines: string[] = [];
  for (const next of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + next.length < 108)
      lines[lines.length - 1] = `${last} ${next}`;
    else lines.push(`# ${next}`);
  }
  return lines.map((line) => `${indent}${line}`).join('\n');
}

/** The path from the working folder where that is the shorter one to read. */
function here(path: string): string {
  const near = relative(process.cwd(), path);
  const up = near.split('/').filter((part) => part === '..').length;
  return near === '' || isAbsolute(near) || up > 1 ? path : near;
}
