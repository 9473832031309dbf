import type { RunRecord, ModelRecord } from '../../record/run-record.js';
import type { MachineFacts } from '../../record/provenance.js';
import { saturates } from '../../runtime/onnxruntime/integer-products.js';
import type { Baseline, BaselineModel } from '../../store/baseline.js';

/** Versions that can move a prediction: the runtime's, and those of decoding. */
const moving = ['onnxruntime', 'reference-pixels', 'sharp', 'vips', 'mozjpeg'] as const;

/** How a run's machine, versions and settings differ from a baseline's, in sentences; what can move predictions only. */
export function environmentDifferences(record: RunRecord, baseline: Baseline): string[] {
  const { machine, run, dataset } = record;
  const before = baseline.machine;
  const differences: string[] = [];
  const differ = (what: string, before: string, now: string, effect: string): void => {
    if (before !== now) differences.push(`${what} was ${before} and is ${now}: ${effect}`);
  };
  for (const name of moving)
    differ(
      name,
      before.versions[name] ?? 'unknown',
      machine.versions[name] ?? 'unknown',
      name === 'onnxruntime'
        ? 'its kernels change from release to release, those of int8 most'
        : 'the decoded pixels may differ',
    );
  differ('the architecture', architecture(before), architecture(machine), 'kernels differ');
  const [gone, come] = [
    before.cpuFlags.filter((flag) => !machine.cpuFlags.includes(flag)),
    machine.cpuFlags.filter((flag) => !before.cpuFlags.includes(flag)),
  ];
  if (gone.length + come.length > 0)
    differences.push(
      `the CPU's flags differ (${[
        gone.length > 0 ? `only then: ${gone.join(' ')}` : '',
        come.length > 0 ? `only now: ${come.join(' ')}` : '',
      ]
        .filter((part) => part !== '')
        .join('; ')}): other kernels add float sums in another order`,
    );
  if (saturated(before) !== saturated(machine))
    differences.push(
      `sums of uint8 x int8 saturated ${saturated(before) ? 'then' : 'now'} and are exact ${saturated(before) ? 'now' : 'then'}: a processor without VNNI loses accuracy by it`,
    );
  differ('the batch', String(baseline.run.batch), String(run.batch), 'a network may give other bits');
  differ('the tie rule', baseline.run.ties, run.ties, 'tied images can go to other classes');
  differ('the labels', baseline.dataset.labels, dataset.labels, 'another source of labels');
  return differences;
}

/** How a model differs from the baseline's of the same name, besides its predictions. */
export function modelDifferences(model: ModelRecord, before: BaselineModel): string[] {
  return [
    model.sha256 === before.sha256
      ? 'The file is the same as in the baseline (SHA-256): all that moved comes from elsewhere.'
      : `The file is another than in the baseline: ${before.file} (${before.sha256.slice(0, 12)}, ${before.facts.scheme}), now ${model.file} (${model.sha256.slice(0, 12)}, ${model.facts.scheme}).`,
    ...(model.recipeSha256 === before.recipeSha256
      ? []
      : [
          `The recipe is another: ${called(before)}, now ${called(model)}. A difference may be its, not the network's.`,
        ]),
  ];
}

function called({ recipe, recipeSha256 }: Pick<ModelRecord, 'recipe' | 'recipeSha256'>): string {
  return recipe === null
    ? 'not stated'
    : `${recipe.name ?? 'spelled out'} (${recipeSha256?.slice(0, 12) ?? ''})`;
}

/** By a version that did not ask for exact sums. */
function saturated({
  os,
  cpuFlags,
  exactProducts,
}: Pick<MachineFacts, 'os' | 'cpuFlags' | 'exactProducts'>): boolean {
  return saturates(architecture({ os }), cpuFlags) && !exactProducts;
}

/** `os` ends in it. */
function architecture({ os }: Pick<MachineFacts, 'os'>): string {
  return os.split(' ').at(-1) ?? 'unknown';
}
