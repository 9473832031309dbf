import type { Box, Size } from 'reference-pixels/recipe';

import { classNamer } from '../../report/class-name.js';
import type { Block, Fact, ReportDocument, Section } from '../../report/document/document.js';
import { html, type Markup } from '../../report/document/markup.js';
import { bytes, score } from '../../report/figures.js';
import { recipeSteps } from '../../report/recipe-text.js';
import type { ExplainedModel, ExplainedRecipe, Explanation } from './explain.js';

/** One image through every step: explain.html and what the terminal prints. */
export function explainDocument(explanation: Explanation): ReportDocument {
  const { image, label, header, recipes, models } = explanation;
  const kind =
    header.format === 'jpeg'
      ? `JPEG, ${header.components === 1 ? 'greyscale' : `${header.components} components`}`
      : `PNG, ${header.bitDepth} bits, colour type ${header.colourType}`;
  return {
    title: `${image}, step by step`,
    lead: `Labelled ${label.name} (class ${label.index}, ${label.wnid})`,
    sections: [
      {
        id: 'image',
        heading: null,
        faces: 'everywhere',
        blocks: [
          {
            kind: 'answer',
            tone: 'none',
            said: `${models.map(saidShort(explanation)).join('; ')}.`,
            more: [],
          },
          {
            kind: 'facts',
            rows: [
              ['image', image],
              ['file', `${kind}, ${size(header)}, ${bytes(explanation.bytes)}, sha256 ${explanation.sha256}`],
              ['label', `${label.index} ${label.wnid} ${label.name}`],
            ],
          },
        ],
      },
      ...recipes.map((recipe, place) => recipeSection(recipe, place, image)),
      {
        id: 'models',
        heading: 'Models',
        nav: 'Models',
        faces: 'everywhere',
        blocks: [
          { kind: 'row', blocks: models.map((model, place) => modelPanel(model, place, explanation)) },
        ],
      },
    ],
  };
}

function saidShort({ label, classes }: Explanation) {
  const nameOf = classNamer(classes);
  return ({ name, prediction }: ExplainedModel): string => {
    const [first] = prediction.classes;
    if (first === undefined) return `${name} gives no answer`;
    return first === label.index ? `${name} is right` : `${name} says ${nameOf(first)}`;
  };
}

function recipeSection(explained: ExplainedRecipe, place: number, image: string): Section {
  const { recipe, sha256, decoded, geometry, crop } = explained;
  const { source, resized, crop: box } = geometry;
  const whole = source.width === decoded.width && source.height === decoded.height;
  const rows: Fact[] = [
    ['recipe', `${recipe.name ?? 'spelled out'} (${sha256.slice(0, 12)}): ${recipeSteps(recipe).join(', ')}`],
    ['decoded', `${size(decoded)} RGB, sha256 ${decoded.sha256}`],
    ...(whole ? [] : [['kept', boxText(source)] as const]),
    ['resized', recipe.filter === null ? 'no' : `${size(source)} to ${size(resized)} by ${recipe.filter}`],
    ['crop', `${boxText(box)}${box.left < 0 || box.top < 0 ? ', padded' : ''}`],
    ['pixels', `${size(crop)} ${crop.type} RGB, sha256 ${crop.sha256}`],
    ['picture', crop.file],
  ];
  return {
    id: `recipe-${place + 1}`,
    heading: `Recipe ${place + 1}: ${recipe.name ?? 'spelled out'}`,
    nav: `Recipe ${place + 1}`,
    faces: 'everywhere',
    blocks: [{ kind: 'facts', rows }, steps(explained, image)],
  };
}

/** The three pictures beside each other: the frames show what the next one keeps. */
function steps({ decoded, geometry, crop, pictures }: ExplainedRecipe, image: string): Block {
  const { source, resized, crop: box } = geometry;
  // Where the crop lies in the decoded image: through the resize, backwards.
  const [x, y] = [source.width / resized.width, source.height / resized.height];
  const back: Box = {
    left: source.left + box.left * x,
    top: source.top + box.top * y,
    width: box.width * x,
    height: box.height * y,
  };
  return {
    kind: 'page',
    markup: html`<div class="row steps">
      ${picture('Decoded', `${size(decoded)}; the frame is the part that is fed`, decoded, pictures.decoded, back, image)}
      ${picture('Resized', `${size(resized)}; the frame is the crop`, resized, pictures.resized, box, image)}
      ${picture('Crop', `${size(crop)}: what the network sees`, crop, pictures.crop, null, image)}
    </div>`,
  };
}

function picture(
  title: string,
  caption: string,
  { width, height }: Size,
  jpeg: Uint8Array,
  frame: Box | null,
  image: string,
): Markup {
  const line = Math.max(width, height) / 160;
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  const framed = (colour: string, dashed: boolean): Markup | null =>
    frame === null
      ? null
      : html`<rect
          x="${frame.left}"
          y="${frame.top}"
          width="${frame.width}"
          height="${frame.height}"
          fill="none"
          stroke="${colour}"
          stroke-width="${line}"
          ${dashed ? html`stroke-dasharray="${3 * line} ${3 * line}"` : null}
        />`;
  return html`<figure class="chart">
    <figcaption><strong>${title}</strong>${caption}</figcaption>
    <div class="drawing">
      <svg
        role="img"
        aria-label="${title}: ${image}"
        viewBox="0 0 ${width} ${height}"
        width="${width}"
        height="${height}"
      >
        <image href="${source}" width="${width}" height="${height}" />
        ${framed('#ffffff', false)}${framed('#d01f3c', true)}
      </svg>
    </div>
  </figure>`;
}

function modelPanel(model: ExplainedModel, place: number, of: Explanation): Block {
  const nameOf = classNamer(of.classes);
  const { tensor, prediction } = model;
  const { labelAbove, labelTied, tiedTop } = prediction;
  return {
    kind: 'panel',
    heading: `${model.name} (recipe ${model.recipe + 1})`,
    model: place,
    blocks: [
      {
        kind: 'facts',
        rows: [
          [
            'tensor',
            `${tensor.dtype} [${tensor.shape.join(', ')}], min ${tensor.minimum.toFixed(4)}, mean ${tensor.mean.toFixed(4)}, max ${tensor.maximum.toFixed(4)}, sha256 ${tensor.sha256}`,
          ],
          [
            'label',
            `${labelAbove} classes score above it${labelTied > 0 ? `, ${labelTied} the same` : ''}${tiedTop > 1 ? `; ${tiedTop} classes share the highest score` : ''}`,
          ],
          ...(prediction.invalid ? [['scores', 'NaN: wrong for every k'] as const] : []),
        ],
      },
      {
        kind: 'table',
        label: `Best classes of ${model.name}`,
        columns: [
          { head: 'Class' },
          { head: 'Index', numeric: true },
          { head: 'Score', numeric: true },
          { head: 'Softmax', numeric: true },
        ],
        rows: prediction.classes.map((index, rank) => [
          {
            text: index === of.label.index ? [{ strong: nameOf(index) }] : nameOf(index),
            ...(index === of.label.index ? { note: 'the label', tone: 'up' as const } : {}),
          },
          String(index),
          score(prediction.scores[rank]!),
          shareText(prediction.scores[rank]!, prediction.logSumExp),
        ]),
      },
    ],
  };
}

/** Softmax share in percent; it means something for the logits of a float network only. */
function shareText(value: number, logSumExp: number): string {
  const share = 100 * Math.exp(value - logSumExp);
  return Number.isFinite(share) ? `${share.toFixed(1)} %` : '-';
}

function size({ width, height }: Size): string {
  return `${width} x ${height}`;
}

function boxText({ left, top, width, height }: Box): string {
  return `${width} x ${height} at left ${left}, top ${top}`;
}
