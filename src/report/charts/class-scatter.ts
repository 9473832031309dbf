import { addressOf } from '../../page/filter.js';
import { tipWithDoor, type Layer, type LayeredSpec } from './draw.js';
import type { ClassIndex } from '../../domain/domain.js';
import { classChanges, type ClassChange } from '../most-changed.js';
import type { ModelSummary, Summary } from '../summary-schema.js';
import { ink, loss, muted, surface } from './theme.js';

/** Names that fit into a tip before it says how many more there are. */
const NAMES = 6;
/** Classes of one point that a click on it lists. */
const OPENED = 20;
/** Points that carry their name in the drawing. */
const LABELLED = 6;
/** Where names change from the right to the left of their points, in percent. */
const SPLIT = 72;

/**
 * Per-class Top-1 of a model against the one it is compared with. Classes with the same two figures share a point,
 * which is as large as they are many and names them; the classes that lost most are named in the drawing, and red is
 * what lost beyond chance.
 */
export function classScatter(
  model: ModelSummary,
  summary: Summary,
  nameOf: (index: ClassIndex) => string,
): LayeredSpec | null {
  const changes = classChanges(model, summary);
  if (model.comparison === null || changes.length === 0) return null;
  const points = new Map<string, ClassChange[]>();
  for (const change of changes) {
    const key = `${change.reference / change.images} ${change.candidate / change.images}`;
    points.set(key, [...(points.get(key) ?? []), change]);
  }
  const named = labelled(changes);
  const flagged = new Set(model.comparison.classDrift.flagged);
  const rows = [...points.values()].map((group) => {
    const [first] = group;
    const label = group.find((change) => named.has(change.class));
    const names = group.slice(0, NAMES).map((change) => nameOf(change.class));
    const more = group.length - names.length;
    return {
      x: (100 * first!.reference) / first!.images,
      y: (100 * first!.candidate) / first!.images,
      classes: group.length,
      lost: group.some((change) => flagged.has(change.class)),
      label: label === undefined ? '' : nameOf(label.class),
      tip: tipWithDoor(
        `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}: ${first!.reference} → ${first!.candidate} of ${first!.images} images right`,
        addressOf({
          model: model.slug,
          kind: 'differ',
          classes: group.slice(0, OPENED).map((change) => change.class),
        }),
      ),
    };
  });
  const least = Math.min(...rows.map((row) => Math.min(row.x, row.y)));
  const domain = [Math.max(0, Math.floor((least - 3) / 10) * 10), 100];
  const scale = { domain, nice: false, zero: false };
  const reference = model.comparison.with;
  return {
    data: { values: rows },
    layer: [
      {
        data: { values: [{ from: domain[0], to: domain[1] }] },
        mark: { type: 'rule', color: muted, strokeDash: [4, 4], opacity: 0.7 },
        encoding: {
          x: {
            field: 'from',
            type: 'quantitative',
            scale,
            axis: { title: `${reference}: Top-1 in the class, %`, tickCount: 5, grid: true, titleLimit: 290 },
          },
          y: {
            field: 'from',
            type: 'quantitative',
            scale,
            axis: { title: `${model.name}: Top-1 in the class, %`, tickCount: 5, titleLimit: 290 },
          },
          x2: { field: 'to' },
          y2: { field: 'to' },
        },
      },
      {
        mark: { type: 'point', filled: true, opacity: 0.55 },
        encoding: {
          x: { field: 'x', type: 'quantitative', scale },
          y: { field: 'y', type: 'quantitative', scale },
          size: {
            field: 'classes',
            type: 'quantitative',
            scale: { domain: [1, Math.max(4, ...rows.map((row) => row.classes))], range: [34, 260] },
            legend: null,
          },
          color: { condition: { test: 'datum.lost', value: loss }, value: muted },
          description: { field: 'tip', type: 'nominal' },
        },
      },
      ...nameLayers(scale),
    ],
  };
}

/** The names beside their points, towards the middle, each over a halo of the page's colour. */
function nameLayers(scale: { domain: number[]; nice: boolean; zero: boolean }): Layer[] {
  const encoding = {
    x: { field: 'x', type: 'quantitative' as const, scale },
    y: { field: 'y', type: 'quantitative' as const, scale },
    text: { field: 'label' },
  };
  return ([false, true] as const).flatMap((right): Layer[] =>
    ([true, false] as const).map((halo) => ({
      transform: [{ filter: `datum.label !== '' && datum.x ${right ? '>=' : '<'} ${SPLIT}` }],
      mark: {
        type: 'text',
        align: right ? 'right' : 'left',
        dx: right ? -8 : 8,
        dy: 4,
        fontSize: 11,
        limit: 170,
        color: halo ? surface : ink,
        ...(halo ? { stroke: surface, strokeWidth: 4, strokeJoin: 'round', opacity: 0.85 } : {}),
      },
      encoding,
    })),
  );
}

/** The classes that lost most and lie far enough apart in height for their names to be read. */
function labelled(changes: readonly ClassChange[]): Set<ClassIndex> {
  const share = (change: ClassChange): number => (100 * change.candidate) / change.images;
  const chosen: ClassChange[] = [];
  const losses = changes
    .filter((change) => change.candidate < change.reference)
    .sort(
      (a, b) =>
        (a.candidate - a.reference) / a.images - (b.candidate - b.reference) / b.images || a.class - b.class,
    );
  for (const change of losses) {
    if (chosen.length === LABELLED) break;
    if (chosen.every((other) => Math.abs(share(other) - share(change)) >= 5)) chosen.push(change);
  }
  return new Set(chosen.map((change) => change.class));
}
