import type { Config } from '../../config/config.js';
import type { GatesInput } from '../../config/schema.js';
import { ConfigError } from '../../domain/errors.js';
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

function canBeAsked(gate: GateName, { documented, paired }: Askable): boolean {
  switch (gate) {
    case 'max_ties':
      return true;
    case 'max_top1_drop_vs_documented':
      return documented;
    case 'max_top1_drop':
    case 'max_flip_rate':
    case 'max_class_drop':
    case 'min_agreement':
      return paired;
  }
}

/** What a compared model can be asked. */
export function askable({ model, reference, missing: reason }: ComparedModel): Askable {
  return { documented: model.documented?.top1 != null, paired: reference !== null || reason !== null };
}

/** The unit that a gate's limit is in. */
export function gateUnit(gate: GateName): GateVerdict['unit'] {
  return gate === 'max_flip_rate' || gate === 'max_ties' || gate === 'min_agreement' ? 'percent' : 'points';
}
