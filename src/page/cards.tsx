import { Card } from './card.js';
import { outcome } from './filter.js';
import type { ImageSource } from './images.js';

interface CardsProps {
  readonly source: ImageSource;
  readonly places: readonly number[];
  /** Places of the models that a card may speak of. */
  readonly asked: readonly number[];
  readonly open?: (at: number) => void;
  /** So many side by side; left out: as many as fit. */
  readonly columns?: number;
}

/** Cards without controls: also what a page shows where no script runs. */
export function Cards({ source, places, asked, open, columns }: CardsProps) {
  return (
    <ul
      class="gallery"
      {...(columns === undefined
        ? {}
        : { style: { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } })}
    >
      {places.map((at) => (
        <Card
          key={at}
          source={source}
          at={at}
          model={tellingModel(source, asked, at)}
          {...(open === undefined ? {} : { open })}
        />
      ))}
    </ul>
  );
}

/** Of the models asked of, the first for which something became of the image. */
function tellingModel({ images, models }: ImageSource, asked: readonly number[], at: number): number {
  const label = images.label(at);
  const told = asked.find((model) => {
    const { against } = models[model]!;
    const kind = outcome(
      label,
      images.top1(model, at),
      against === null ? null : images.top1(against, at),
      against !== null,
    );
    return kind !== 'both-right' && kind !== 'right';
  });
  return told ?? asked[0] ?? 0;
}
