import { throughputChart } from '../charts/throughput.js';
import { half } from '../charts/theme.js';
import type { Block, Fact, PanelBlock, Section, Text } from '../document/document.js';
import { bytes, count, counted, duration } from '../figures.js';
import { quantizationText, runtimeLine, sizeText } from '../network-text.js';
import { recipeSteps } from '../recipe-text.js';
import type { ModelSummary, Summary } from '../summary-schema.js';

/** Everything that a figure rests on, and the command to repeat it. */
export function measuredSection(summary: Summary): Section {
  const { run, models } = summary;
  const recipes = new Map(
    models.flatMap(({ recipe, recipeSha256: digest }) =>
      recipe === null || digest === null ? [] : [[digest, recipe]],
    ),
  );
  return {
    id: 'measured',
    heading: 'How this was measured',
    nav: 'Measured',
    faces: 'written',
    blocks: [
      { kind: 'command', said: 'The command that repeats it:', command: run.command },
      {
        kind: 'row',
        blocks: [
          panel('Data', dataFacts(summary)),
          panel('Machine', machineFacts(summary)),
          ...models.map((model, place) => ({ ...panel(model.name, modelFacts(model)), model: place })),
          ...[...recipes].map(([digest, recipe]): PanelBlock => ({
            kind: 'panel',
            heading: `Recipe${recipe.name === null ? '' : `: ${recipe.name}`}`,
            blocks: [
              { kind: 'list', label: 'Steps', ordered: true, items: recipeSteps(recipe) },
              { kind: 'facts', rows: [['Digest', hash(digest)]] },
            ],
          })),
          ...throughput(summary),
        ],
      },
    ],
  };
}

function panel(heading: string, rows: readonly Fact[]): PanelBlock {
  return { kind: 'panel', heading, blocks: [{ kind: 'facts', rows }] };
}

function hash(digest: string): Text {
  return [{ code: digest }];
}

function dataFacts({ dataset, run }: Summary): Fact[] {
  return [
    ['Data set', dataset.description],
    [
      'Images',
      `${count(dataset.images)}${dataset.manifestImages === null ? '' : ` of ${count(dataset.manifestImages)}`}`,
    ],
    ['Part', dataset.subset ?? 'the whole set'],
    ['Labels', dataset.labels],
    ...(dataset.manifest === null ? [] : [['Manifest', dataset.manifest] as const]),
    ['Images digest', hash(dataset.digest)],
    ['Ties go to', run.ties === 'lowest-index' ? 'the lowest class index' : 'the highest class index'],
    ['Config', [run.config.file === null ? '' : `${run.config.file}, SHA-256 `, { code: run.config.sha256 }]],
  ];
}

function machineFacts({ tool, machine, run }: Summary): Fact[] {
  return [
    ['Tool', `${tool.name} ${tool.version}`],
    ['Host', machine.host],
    ['System', machine.os],
    ['CPU', `${machine.cpu}, ${counted(machine.cores, 'core')}`],
    ['CPU flags', machine.cpuFlags.join(' ') || 'none that matter'],
    ...(machine.exactProducts
      ? [
          [
            '8-bit products',
            "summed exactly, as with VNNI; onnxruntime's own kernels saturate on this processor",
          ] as const,
        ]
      : []),
    [
      'Versions',
      Object.entries(machine.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['Started', run.startedAt],
    [
      'Took',
      `${duration(run.seconds)}${run.imagesPerSecond === null ? '' : `, ${run.imagesPerSecond.toFixed(1)} images a second`}`,
    ],
    ['Workers', `${count(run.workers)}, batches of ${count(run.batch)}`],
    ['Memory', `${bytes(run.peakMemoryBytes)} at most, of ${bytes(machine.memoryBytes)}`],
  ];
}

function modelFacts(model: ModelSummary): Fact[] {
  const { facts: read, runtime, documented, firstTensor } = model;
  const { tensor } = read;
  const quantization = quantizationText(read);
  const batch =
    model.scores === null
      ? `, ${read.fixedBatch === null ? 'any batch' : `batches of ${read.fixedBatch}`}`
      : '';
  const background =
    read.classOffset > 0
      ? `, the first ${read.classOffset === 1 ? 'one' : read.classOffset} taken off as background`
      : '';
  return [
    ['File', `${model.file}, ${bytes(model.bytes)}`],
    ['SHA-256', hash(model.sha256)],
    ['Scheme', read.scheme],
    ...(model.scores === null ? [['Size', sizeText(read)] as const] : originFacts(model.scores)),
    ...(runtime === null ? [] : [['Runtime', runtimeLine(runtime)] as const]),
    ...(tensor === null
      ? []
      : [
          [
            'Input',
            `${read.inputName}: ${tensor.dtype} ${tensor.layout} ${tensor.width} x ${tensor.height}${batch}`,
          ] as const,
        ]),
    [
      'Output',
      `${read.outputName === '' ? '' : `${read.outputName}: `}${read.outputDtype}, ${count(read.outputClasses)} classes${background}`,
    ],
    ...(quantization === null ? [] : [['Quantization', quantization] as const]),
    ['Scores', model.calibration.scores],
    ['Recipe', recipeFact(model)],
    ...(documented === null
      ? []
      : [
          [
            'Documented',
            [
              `${documented.source}, on ${counted(documented.images, 'image')}`,
              ...(documented.sha256 === null ? [] : [', for ', { code: documented.sha256 }]),
            ],
          ] as const,
        ]),
    ...(firstTensor === null
      ? []
      : [
          [
            'First tensor',
            `${firstTensor.dtype} [${firstTensor.shape.join(', ')}], minimum ${firstTensor.min.toFixed(3)}, mean ${firstTensor.mean.toFixed(3)}, maximum ${firstTensor.max.toFixed(3)} (${firstTensor.image})`,
          ] as const,
        ]),
    [
      'Inference',
      model.inferenceSeconds === null
        ? `none: ${model.scores === null ? 'all predictions were reused' : 'the scores were made elsewhere'}`
        : `${duration(model.inferenceSeconds)} over all workers`,
    ],
    ...(model.reused > 0 ? [['Reused', counted(model.reused, 'prediction')] as const] : []),
    [
      'Batch size',
      model.batchInvariant === null
        ? 'other batch sizes not tried'
        : model.batchInvariant
          ? 'the same bits at another batch size'
          : 'scores depend on it',
    ],
  ];
}

/** Whose the rows of scores are that were made elsewhere. */
function originFacts({ index, fed }: NonNullable<ModelSummary['scores']>): Fact[] {
  return [
    [
      'Images of the rows',
      index === null ? 'named in each row' : [`by ${index.file}, SHA-256 `, { code: index.sha256 }],
    ],
    [
      'Made from',
      fed === null ? 'not stated' : [`tensors written for ${fed.model}, SHA-256 `, { code: fed.sha256 }],
    ],
  ];
}

function recipeFact({ recipe, recipeSha256 }: ModelSummary): Text {
  if (recipe === null || recipeSha256 === null) return 'not stated';
  return [recipe.name === null ? '' : `${recipe.name}, `, { code: recipeSha256 }];
}

/** Images a second over the run; nothing where it was too short to have a course. */
function throughput(summary: Summary): Block[] {
  const { run } = summary;
  const spec = throughputChart(summary);
  if (spec === null) return [];
  return [
    {
      kind: 'chart',
      title: 'Throughput',
      caption: `${run.imagesPerSecond === null ? 'n/a' : run.imagesPerSecond.toFixed(1)} images a second over ${duration(run.seconds)}, ${counted(run.workers, 'worker')}, batches of ${count(run.batch)}.`,
      spec,
      empty: '',
      ...half,
    },
  ];
}
