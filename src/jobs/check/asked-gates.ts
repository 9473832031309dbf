import type { Config, ModelConfig } from '../../config/config.js';
import type { GatesInput } from '../../config/schema.js';
import { ConfigError } from '../../domain/errors.js';
import { countingOf } from '../../metrics/counting.js';
import { gateNames, type GateName, type GateVerdict } from '../../metrics/verdict.js';
import type { ComparedModel } from './reference.js';

/**
 * The gates of a config that is there to be judged by.
 * @throws ConfigError `no-gates` where it limits nothing
 */
export function requiredGates({ gates, file }: Config): GatesInput {
  if (gates !== null && limitsOf(gates).length > 0) return gates;
  throw new ConfigError({
    code: 'no-gates',
    what: 'there is nothing to check: the config has no gates to decide',
    where: file,
    remedy: 'Add e.g. `gates: { max_top1_drop: 1 }`, points of Top-1 that a model may lose.',
  });
}

/** Names of the gates that have a limit. */
export function limitsOf(gates: GatesInput): GateName[] {
  return gateNames.filter((name) => gates[name] !== undefined);
}

/** What decides which gates a model can be asked. */
export interface Askable {
  /** A Top-1 figure is documented for it. */
  readonly documented: boolean;
  /** It is compared with something, or was to be. */
  readonly paired: boolean;
}

/** The gates that `one` among the models is asked, with their limits. */
export function askedGates(
  gates: GatesInput,
  all: readonly Askable[],
  one: Askable,
): { readonly gate: GateName; readonly limit: number }[] {
  return gateNames.flatMap((gate) => {
    const limit = gates[gate];
    if (limit === undefined) return [];
    const fits = (model: Askable): boolean => canBeAsked(gate, model);
    return fits(one) || !all.some(fits) ? [{ gate, limit }] : [];
  });
}

/** What a model must have for a gate to be asked of it; null: nothing. */
const needs = {
  max_ties: null,
  max_top1_drop_vs_documented: 'documented',
  max_top1_drop: 'paired',
  max_flip_rate: 'paired',
  max_class_drop: 'paired',
  min_agreement: 'paired',
} as const satisfies Record<GateName, keyof Askable | null>;

function canBeAsked(gate: GateName, model: Askable): boolean {
  const need = needs[gate];
  return need === null || model[need];
}

/** Whether a gate compares a model with another one. */
export function isPaired(gate: GateName): boolean {
  return needs[gate] === 'paired';
}

/** What each model of a run can be asked. @param baseline whether models are compared with one */
export function askables(
  models: readonly {
    readonly config: Pick<ModelConfig, 'compareWith'>;
    readonly documented: { readonly top1: number | null } | null;
  }[],
  baseline: boolean,
): Askable[] {
  return models.map(({ config, documented }) => ({
    documented: documented?.top1 != null,
    paired: baseline || config.compareWith !== null,
  }));
}

/** What a compared model can be asked. */
export function askable({ model, reference, missing: reason }: ComparedModel): Askable {
  return { documented: model.documented?.top1 != null, paired: reference !== null || reason !== null };
}

/** The unit that a gate's limit is in. */
export function gateUnit(gate: GateName): GateVerdict['unit'] {
  return gate === 'max_class_drop' ? 'points' : countingOf(gate).unit;
}
