import type { DiagnosedModel, Diagnosis } from '../diagnosis-schema.js';
import type { Block, ReportDocument, Section } from '../document/document.js';
import { bytes, count, counted, duration, joined, signed, signedRange } from '../figures.js';
import { costFigure, depth, layers, quantizerTable, restoration, ROWS } from '../sections/diagnosis.js';
import { capital, faultWords, quantizerList } from '../sections/quantizers.js';

/** A diagnosis: diagnosis.html, diagnosis.md and what the terminal prints. */
export function diagnosisDocument(diagnosis: Diagnosis): ReportDocument {
  const { models, dataset, title } = diagnosis;
  return {
    title: `Why did it drop? ${title ?? joined(models.map(({ name }) => name))}`,
    lead: `${counted(dataset.images, 'image')} of ${dataset.description}, ${diagnosis.startedAt.slice(0, 10)}${diagnosis.complete ? '' : '; stopped before its end'}`,
    sections: [
      ...models.flatMap((model, at) => sectionsOf(model, at, models.length > 1)),
      measured(diagnosis),
    ],
  };
}

function sectionsOf(model: DiagnosedModel, at: number, many: boolean): Section[] {
  const id = (name: string): string => (many ? `${name}-${at + 1}` : name);
  const of = many ? ` of ${model.name}` : '';
  return [
    {
      id: id('answer'),
      heading: many ? model.name : null,
      nav: many ? model.name : 'Answer',
      faces: 'everywhere',
      blocks: answer(model),
    },
    {
      id: id('costs'),
      heading: `What each quantizer costs${of}`,
      ...(many ? {} : { nav: 'Quantizers' }),
      faces: 'everywhere',
      blocks: [
        { kind: 'only', faces: 'written', blocks: [costFigure(model)] },
        { kind: 'only', faces: 'markdown', blocks: [quantizerTable(model.quantizers.slice(0, 2 * ROWS))] },
        { kind: 'only', faces: 'terminal', blocks: [quantizerTable(model.quantizers.slice(0, ROWS))] },
        {
          kind: 'only',
          faces: 'page',
          blocks: [
            { kind: 'heading', text: 'All quantizers, the costliest first: open one for its histogram' },
            quantizerList(model.quantizers),
          ],
        },
      ],
    },
    {
      id: id('restoration'),
      heading: `What to do${of}`,
      ...(many ? {} : { nav: 'What to do' }),
      faces: 'everywhere',
      blocks: restoration(model),
    },
    {
      id: id('depth'),
      heading: `Where the error comes in${of}`,
      ...(many ? {} : { nav: 'Depth' }),
      faces: 'written',
      blocks: depth(model),
    },
    { id: id('layers'), heading: `Layers${of}`, faces: 'written', blocks: layers(model) },
  ];
}

function answer(model: DiagnosedModel): Block[] {
  const { undisturbed, findings, quantizers } = model;
  const { drop } = undisturbed;
  const accused = quantizers.filter(({ fault }) => fault !== null);
  return [
    {
      kind: 'answer',
      tone: accused.length > 0 || findings.length > 0 ? 'fail' : 'pass',
      said: answerSentence(model),
      more: [
        ...accused.slice(0, 3).map((one) => `${one.tensor}: ${capital(one.fault!.sentence)}.`),
        `With its Q/DQ computed in float, ${model.name} drops ${signed(drop.points, 2)} points of Top-1 against ${model.float.name} on these ${counted(drop.images, 'image')} (95 % interval ${signedRange(drop.interval, 2)}).`,
      ],
    },
    ...findings.map(({ code, sentence }): Block => ({
      kind: 'notice',
      tone: 'caution',
      title: findingTitles[code] ?? code,
      text: sentence,
    })),
  ];
}

const findingTitles: Readonly<Record<string, string>> = {
  'calibrated-on-other-inputs': 'Calibrated on other inputs',
  'recipes-differ': 'The networks are fed different values',
  'many-clip': 'The calibration as a whole is too tight',
  'saturated-output': 'The scores saturate',
  'integer-kernels': 'The integer kernels lose more than the quantizers',
};

/** What costs the accuracy, in a sentence. */
export function answerSentence({
  name,
  findings,
  quantizers,
  restoration,
  undisturbed,
}: DiagnosedModel): string {
  const calibration = findings.find(({ code }) => code === 'calibrated-on-other-inputs');
  if (calibration !== undefined) return `${name} was calibrated on other inputs than it should be.`;
  const accused = quantizers.filter(({ fault }) => fault !== null);
  const [first] = accused;
  if (first !== undefined) {
    const share =
      first.cost === null ? '' : `: without it ${(100 * first.cost).toFixed(0)} % of the error is gone`;
    const others =
      accused.length > 1
        ? `; ${counted(accused.length - 1, 'other quantizer')} ${accused.length === 2 ? 'is' : 'are'} accused too`
        : '';
    return `The quantizer of ${first.tensor} is ${first.cost !== null && first.cost > 0.5 ? 'what costs the accuracy' : 'at fault'} (${faultWords[first.fault!.kind]})${share}${others}.`;
  }
  if (findings.some(({ code }) => code === 'integer-kernels'))
    return `No quantizer of ${name} is at fault: this machine's integer kernels are. An ordinary run is right on ${undisturbed.fused.top1} of ${undisturbed.images} images, the same Q/DQ computed in float on ${undisturbed.float.top1}.`;
  const beyond = undisturbed.drop.interval[0] > 0;
  const last = restoration.at(-1);
  if (!beyond)
    return `Nothing is wrong with ${name} that these images show: its drop is within chance, and no quantizer stands out by a fault of its own.`;
  return `No quantizer of ${name} is at fault: the drop comes from many small errors${last === undefined ? '' : `; with ${counted(restoration.length, 'layer')} in float it is ${signed(last.points, 2)} points`}.`;
}

function measured(diagnosis: Diagnosis): Section {
  const { models, dataset, arithmetic, runtime, tool, seconds, cpuSeconds, peakMemoryBytes, command } =
    diagnosis;
  return {
    id: 'measured',
    heading: 'How it was measured',
    nav: 'How measured',
    faces: 'written',
    blocks: [
      {
        kind: 'paragraph',
        text: `Variants were computed with ${arithmetic}, so that taking one quantizer out changes nothing else, and are held against the undisturbed network computed the same way. An ordinary run fuses Q/DQ into integer kernels, whose last bits differ; its figures stand beside and are never mixed with those of variants.`,
      },
      {
        kind: 'table',
        label: 'The networks as they are',
        columns: [
          { head: 'Network' },
          { head: 'Top-1', numeric: true },
          { head: 'Names the float class', numeric: true },
          { head: 'Mean squared error of the scores', numeric: true },
        ],
        rows: models.flatMap(({ name, float, undisturbed }) => [
          [float.name, `${undisturbed.floatTop1} of ${undisturbed.images}`, '', ''],
          ...(['fused', 'float'] as const).map((which) => [
            { text: name, note: which === 'fused' ? 'as an ordinary run computes it' : 'Q/DQ one by one' },
            `${undisturbed[which].top1} of ${undisturbed.images}`,
            count(undisturbed[which].agreement),
            undisturbed[which].meanError.toPrecision(4),
          ]),
        ]),
      },
      {
        kind: 'facts',
        rows: [
          [
            'Images',
            `the first ${count(dataset.images)} of a random order of ${count(dataset.population)} (seed ${dataset.seed}); quantizers saw 8 at first, those in question more${dataset.badImages.length === 0 ? '' : `; ${counted(dataset.badImages.length, 'image')} could not be used`}`,
          ],
          ['Runtime', `${runtime.name} ${runtime.version}`],
          [
            'Models',
            models
              .map(({ name, file, scheme, float }) => `${name}: ${file}, ${scheme}; against ${float.file}`)
              .join('; '),
          ],
          [
            'Took',
            `${duration(seconds)} (${duration(cpuSeconds)} of processor time), ${bytes(peakMemoryBytes)} of memory at most`,
          ],
          ['Made by', `${tool.name} ${tool.version}`],
        ],
      },
      { kind: 'command', said: 'The command that repeats it:', command },
    ],
  };
}
