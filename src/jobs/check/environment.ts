import type { RunRecord, ModelRecord } from '../../record/run-record.js';
import type { Baseline, BaselineModel, BaselineSource } from '../../store/baseline.js';

/** What a run leaves as a baseline. */
export function baselineSource(record: RunRecord): BaselineSource {
  const { tool, run, dataset, machine } = record;
  return {
    tool,
    config: { sha256: run.config.sha256, title: run.title },
    ties: run.ties,
    dataset: {
      description: dataset.description,
      labels: dataset.labels,
      manifest: dataset.manifest,
      subset: dataset.subset,
      digest: dataset.digest,
      badImages: dataset.badImages.length,
    },
    runtime: {
      cpu: machine.cpu,
      cpuFlags: machine.cpuFlags,
      arch: architecture(record),
      versions: { ...machine.versions },
      batch: run.batch,
    },
    models: record.models.map(
      ({ name, file, sha256, facts, recipe, recipeSha256, compareWith, predictions }) => ({
        name,
        file,
        sha256,
        scheme: facts.scheme,
        classOffset: facts.classOffset,
        recipe: { name: recipe.name, sha256: recipeSha256 },
        compareWith,
        predictions,
      }),
    ),
    samples: record.samples,
  };
}

/** Versions that can move a prediction: the runtime's, and those of decoding. */
const moving = ['onnxruntime', 'reference-pixels', 'sharp', 'vips', 'mozjpeg'] as const;

/** How a run's machine, versions and settings differ from a baseline's, in sentences; what can move predictions only. */
export function environmentDifferences(record: RunRecord, baseline: Baseline): string[] {
  const { machine, run, dataset } = record;
  const { runtime } = baseline;
  const differences: string[] = [];
  const differ = (what: string, before: string, now: string, effect: string): void => {
    if (before !== now) differences.push(`${what} was ${before} and is ${now}: ${effect}`);
  };
  for (const name of moving)
    differ(
      name,
      runtime.versions[name] ?? 'unknown',
      machine.versions[name] ?? 'unknown',
      name === 'onnxruntime'
        ? 'its kernels change from release to release, those of int8 most'
        : 'the decoded pixels may differ',
    );
  differ('the architecture', runtime.arch, architecture(record), 'kernels differ');
  const [gone, come] = [
    runtime.cpuFlags.filter((flag) => !machine.cpuFlags.includes(flag)),
    machine.cpuFlags.filter((flag) => !runtime.cpuFlags.includes(flag)),
  ];
  if (gone.length + come.length > 0)
    differences.push(
      `the CPU's flags differ (${[
        gone.length > 0 ? `only then: ${gone.join(' ')}` : '',
        come.length > 0 ? `only now: ${come.join(' ')}` : '',
      ]
        .filter((part) => part !== '')
        .join('; ')}): int8 kernels differ with VNNI, and without it sums of uint8 x int8 can saturate`,
    );
  differ('the batch', String(runtime.batch), String(run.batch), 'a network may give other bits');
  differ('the tie rule', baseline.ties, run.ties, 'tied images can go to other classes');
  differ('the labels', baseline.dataset.labels, dataset.labels, 'another source of labels');
  return differences;
}

/** How a model differs from the baseline's of the same name, besides its predictions. */
export function modelDifferences(model: ModelRecord, before: BaselineModel): string[] {
  return [
    model.sha256 === before.sha256
      ? 'The file is the same as in the baseline (SHA-256): all that moved comes from elsewhere.'
      : `The file is another than in the baseline: ${before.file} (${before.sha256.slice(0, 12)}, ${before.scheme}), now ${model.file} (${model.sha256.slice(0, 12)}, ${model.facts.scheme}).`,
    ...(model.recipeSha256 === before.recipe.sha256
      ? []
      : [
          `The recipe is another: ${before.recipe.name ?? 'spelled out'} (${before.recipe.sha256.slice(0, 12)}), now ${model.recipe.name ?? 'spelled out'} (${model.recipeSha256.slice(0, 12)}). A difference may be its, not the network's.`,
        ]),
  ];
}

/** `machine.os` ends in it. */
function architecture({ machine }: RunRecord): string {
  return machine.os.split(' ').at(-1) ?? 'unknown';
}
