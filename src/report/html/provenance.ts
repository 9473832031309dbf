import { bytes, count, counted, duration } from '../figures.js';
import { quantizationText, runtimeLine, sizeText } from '../network-text.js';
import { recipeSteps } from '../recipe-text.js';
import type { ModelSummary, Summary } from '../summary-schema.js';
import { dot } from './answer.js';
import { html, type Content, type Markup } from './markup.js';

/** Everything that a figure rests on, and the command to repeat it; `throughput` is the chart of the run's speed. */
export function provenance(summary: Summary, throughput: Markup | null): Markup {
  const { run, dataset, machine, tool, models } = summary;
  const recipes = new Map(models.map((model) => [model.recipeSha256, model.recipe]));
  return html`<h2 id="measured">How this was measured</h2>
    <div class="command">
      <p>The command that repeats it:</p>
      <pre id="command" tabindex="0">${run.command}</pre>
      <button type="button" class="ghost" data-copy="command" hidden>Copy</button>
    </div>
    <div class="charts two">
      <section class="panel">
        <h3>Data</h3>
        ${facts([
          ['Data set', dataset.description],
          [
            'Images',
            `${count(dataset.images)}${dataset.manifestImages === null ? '' : ` of ${count(dataset.manifestImages)}`}`,
          ],
          ['Part', dataset.subset ?? 'the whole set'],
          ['Labels', dataset.labels],
          ['Manifest', dataset.manifest ?? 'none'],
          ['Images digest', hash(dataset.digest)],
          ['Ties go to', run.ties === 'lowest-index' ? 'the lowest class index' : 'the highest class index'],
          ['Config', html`${run.config.file ?? 'none'}<br />${hash(run.config.sha256)}`],
        ])}
      </section>
      <section class="panel">
        <h3>Machine</h3>
        ${facts([
          ['Tool', `${tool.name} ${tool.version}`],
          ['Host', machine.host],
          ['System', machine.os],
          ['CPU', `${machine.cpu}, ${counted(machine.cores, 'core')}`],
          ['CPU flags', machine.cpuFlags.join(' ') || 'none that matter'],
          [
            'Versions',
            html`${Object.entries(machine.versions).map(([name, version], at) => html`${at > 0 ? html`<br />` : null}${name} ${version}`)}`,
          ],
          ['Started', run.startedAt],
          [
            'Took',
            `${duration(run.seconds)}, ${run.imagesPerSecond === null ? 'n/a' : run.imagesPerSecond.toFixed(1)} images a second`,
          ],
          ['Workers', `${count(run.workers)}, batches of ${count(run.batch)}`],
          ['Memory', `${bytes(run.peakMemoryBytes)} at most, of ${bytes(machine.memoryBytes)}`],
        ])}
      </section>
      ${models.map((model, place) => modelPanel(model, place))}
      ${[...recipes].map(
        ([digest, recipe]) =>
          html`<section class="panel">
            <h3>Recipe${recipe.name === null ? '' : `: ${recipe.name}`}</h3>
            <ol class="steps">
              ${recipeSteps(recipe).map((step) => html`<li>${step}</li>`)}
            </ol>
            ${facts([['Digest', hash(digest)]])}
          </section>`,
      )}
      ${throughput}
    </div>`;
}

function modelPanel(model: ModelSummary, place: number): Markup {
  const { facts: read, runtime, documented, firstTensor } = model;
  const { tensor } = read;
  const quantization = quantizationText(read);
  const batch = read.fixedBatch === null ? 'any batch' : `batches of ${read.fixedBatch}`;
  return html`<section class="panel">
    <h3>${dot(place)} ${model.name}</h3>
    ${facts([
      ['File', `${model.file}, ${bytes(model.bytes)}`],
      ['SHA-256', hash(model.sha256)],
      ['Scheme', read.scheme],
      ['Size', sizeText(read)],
      ...(runtime === null ? [] : [['Runtime', runtimeLine(runtime)] as const]),
      [
        'Input',
        `${read.inputName}: ${tensor.dtype} ${tensor.layout} ${tensor.width} x ${tensor.height}, ${batch}`,
      ],
      [
        'Output',
        `${read.outputName}: ${read.outputDtype}, ${count(read.outputClasses)} classes${read.classOffset > 0 ? `, the first ${read.classOffset === 1 ? 'one' : read.classOffset} taken off as background` : ''}`,
      ],
      ...(quantization === null ? [] : [['Quantization', quantization] as const]),
      ['Scores', model.calibration.scores],
      [
        'Documented',
        documented === null
          ? 'no figure'
          : html`${documented.source}, on ${count(documented.images)}
            images${documented.sha256 === null ? null : html`, for ${hash(documented.sha256)}`}`,
      ],
      ...(firstTensor === null
        ? []
        : ([
            [
              'First tensor',
              `${firstTensor.dtype} [${firstTensor.shape.join(', ')}], minimum ${firstTensor.min.toFixed(3)}, mean ${firstTensor.mean.toFixed(3)}, maximum ${firstTensor.max.toFixed(3)} (${firstTensor.image})`,
            ],
          ] as [string, Content][])),
      [
        'Inference',
        model.inferenceSeconds === null
          ? 'none: all predictions were reused'
          : `${duration(model.inferenceSeconds)} over all workers`,
      ],
      ...(model.reused > 0 ? ([['Reused', counted(model.reused, 'prediction')]] as [string, Content][]) : []),
      [
        'Batch size',
        model.batchInvariant === null
          ? 'other batch sizes not tried'
          : model.batchInvariant
            ? 'the same bits at another batch size'
            : 'scores depend on it',
      ],
    ])}
  </section>`;
}

function facts(rows: readonly (readonly [string, Content])[]): Markup {
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function hash(digest: string): Markup {
  return html`<code class="hash">${digest}</code>`;
}
