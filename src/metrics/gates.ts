import {
  byInterval,
  exact,
  missing,
  ROUNDING,
  type GateName,
  type GateScope,
  type GateVerdict,
} from './verdict.js';
import { wilsonInterval, type Interval } from './interval.js';
import { tangoInterval } from './paired-interval.js';
import { dropImages, tableImages, type PairedTable } from './paired.js';
import { maxDropImages } from './sequential.js';

/**
 * Drop of Top-1 against the reference model: at most `limit` points. Over the whole data set the drop is exact and a
 * tie with the limit passes; over a subset Tango's interval must lie on one side of the limit, else undecided.
 */
export function top1DropGate(limit: number, table: PairedTable, scope: GateScope): GateVerdict {
  const images = tableImages(table);
  const drop = dropImages(table);
  const head = { gate: 'max_top1_drop', unit: 'points', limit, images } as const;
  if (images === 0) return missing(head, 'no image was counted');
  const measured = (100 * drop) / images;
  if (scope.coverage === 'whole')
    return exact(head, measured, drop <= maxDropImages(limit, images), `drop of at most ${limit} points`);
  return byInterval(
    head,
    measured,
    scaled(tangoInterval(table, scope.confidence)),
    scope,
    "Tango's interval of the drop",
  );
}

/**
 * Drop of Top-1 against the documented figure: at most `limit` points. Undecided where the figures are not about the
 * same model and data set (`comparable` says why); over a subset by Wilson's interval of the measured share.
 */
export function documentedDropGate(
  limit: number,
  measured: { readonly correct: number; readonly images: number },
  documentedPercent: number | null,
  comparable: { readonly reason: string } | true,
  scope: GateScope,
): GateVerdict {
  const { correct, images } = measured;
  const head = { gate: 'max_top1_drop_vs_documented', unit: 'points', limit, images } as const;
  if (documentedPercent === null) return missing(head, 'the model has no documented figure');
  if (comparable !== true) return missing(head, comparable.reason);
  if (images === 0) return missing(head, 'no image was counted');
  const drop = documentedPercent - (100 * correct) / images;
  if (scope.coverage === 'whole')
    return exact(
      head,
      drop,
      drop <= limit + ROUNDING,
      `drop of at most ${limit} points from ${documentedPercent} %`,
    );
  const share = scaled(wilsonInterval(correct, images, scope.confidence));
  const interval = { lower: documentedPercent - share.upper, upper: documentedPercent - share.lower };
  return byInterval(head, drop, interval, scope, "the documented figure minus Wilson's interval");
}

/** Images whose Top-1 correctness differs from the reference's, either way: at most `limit` percent. */
export function flipRateGate(limit: number, table: PairedTable, scope: GateScope): GateVerdict {
  const flips = table.referenceOnly + table.candidateOnly;
  return shareGate('max_flip_rate', 'at-most', limit, flips, tableImages(table), scope);
}

/** Images whose top score is tied: at most `limit` percent. */
export function tiesGate(limit: number, tiedTop: number, images: number, scope: GateScope): GateVerdict {
  return shareGate('max_ties', 'at-most', limit, tiedTop, images, scope);
}

/** Images with the reference's Top-1 class: at least `limit` percent. */
export function agreementGate(
  limit: number,
  agreeing: number,
  images: number,
  scope: GateScope,
): GateVerdict {
  return shareGate('min_agreement', 'at-least', limit, agreeing, images, scope);
}

/**
 * The largest drop of Top-1 within one class: at most `limit` points. Over a subset every class gets Tango's interval
 * at a confidence divided among the classes (Bonferroni): one class wholly beyond the limit fails, all wholly within
 * pass, else undecided. `images` and `interval` are those of the class that decides, or drops most.
 *
 * @param tables one a class; classes without images are passed over
 */
export function classDropGate(limit: number, tables: readonly PairedTable[], scope: GateScope): GateVerdict {
  const classes = tables
    .map((table, index) => ({ table, index }))
    .filter(({ table }) => tableImages(table) > 0);
  const worst = classes.reduce<(typeof classes)[number] | null>(
    (most, next) => (most === null || pointsLost(next.table) > pointsLost(most.table) ? next : most),
    null,
  );
  const head = { gate: 'max_class_drop', unit: 'points', limit } as const;
  if (worst === null) return missing({ ...head, images: 0 }, 'no image was counted');
  if (scope.coverage === 'whole') {
    const within = classes.every(
      ({ table }) => dropImages(table) <= maxDropImages(limit, tableImages(table)),
    );
    const rule = `drop of at most ${limit} points in every class; the most in class ${worst.index}`;
    return exact({ ...head, images: tableImages(worst.table) }, pointsLost(worst.table), within, rule);
  }
  const confidence = 1 - (1 - scope.confidence) / classes.length;
  const intervals = classes.map(({ table, index }) => ({
    table,
    index,
    interval: scaled(tangoInterval(table, confidence)),
  }));
  const deciding =
    intervals.find(({ interval }) => interval.lower > limit) ??
    intervals.reduce((most, next) => (next.interval.upper > most.interval.upper ? next : most));
  return byInterval(
    { ...head, images: tableImages(deciding.table) },
    pointsLost(deciding.table),
    deciding.interval,
    { ...scope, confidence },
    `Tango's interval of class ${deciding.index}`,
  );
}

function pointsLost(table: PairedTable): number {
  return (100 * dropImages(table)) / tableImages(table);
}

function shareGate(
  gate: GateName,
  sense: 'at-most' | 'at-least',
  limit: number,
  count: number,
  images: number,
  scope: GateScope,
): GateVerdict {
  const head = { gate, unit: 'percent', limit, images } as const;
  if (images === 0) return missing(head, 'no image was counted');
  const measured = (100 * count) / images;
  const words = sense === 'at-most' ? 'at most' : 'at least';
  if (scope.coverage === 'whole') {
    const within = sense === 'at-most' ? measured <= limit + ROUNDING : measured >= limit - ROUNDING;
    return exact(head, measured, within, `${words} ${limit} percent of images`);
  }
  const interval = scaled(wilsonInterval(count, images, scope.confidence));
  return byInterval(head, measured, interval, scope, "Wilson's interval", sense);
}

function scaled(interval: Interval, factor = 100): Interval {
  return { lower: factor * interval.lower, upper: factor * interval.upper };
}
