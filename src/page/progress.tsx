import { useRef } from 'preact/hooks';

/** How far a run that is going on has come. */
export interface Following {
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  /** By model. */
  readonly running: readonly { readonly images: number; readonly top1: number }[];
}

const WIDTH = 600;
const HEIGHT = 120;

/** A run that is going on: rate, time left, and the curve of every model's Top-1 since the page was opened. */
export function Progress({ following, models }: { following: Following; models: readonly string[] }) {
  const seen = useRef<Following[]>([]);
  if (seen.current.at(-1)?.done !== following.done) seen.current.push(following);
  const { done, total, seconds, running } = following;
  const [first] = seen.current;
  const elapsed = seconds - (first?.seconds ?? 0);
  const rate = elapsed > 0 ? (done - (first?.done ?? 0)) / elapsed : 0;
  const left = rate > 0 ? `${Math.round((total - done) / rate)} s left` : '';
  const shares = (model: number): number[] => seen.current.map(({ running: at }) => percent(at[model]!));
  return (
    <div class="follow" role="status">
      <progress value={done} max={total} aria-label="Images done" /> {done} of {total} images
      {rate > 0 ? `, ${rate.toFixed(1)} images/s, ${left}` : ''}
      <ul>
        {models.map((name, model) => (
          <li key={name}>
            {name}: Top-1 {percent(running[model]!).toFixed(2)} %
          </li>
        ))}
      </ul>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label="Running Top-1 of every model, 0 to 100 %"
      >
        {models.map((name, model) => (
          <polyline
            key={name}
            class={`model-${model}`}
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-dasharray={model === 0 ? '' : `${4 + 2 * model} 3`}
            points={shares(model)
              .map(
                (share, at, all) =>
                  `${(WIDTH * at) / Math.max(1, all.length - 1)},${HEIGHT * (1 - share / 100)}`,
              )
              .join(' ')}
          />
        ))}
      </svg>
    </div>
  );
}

function percent({ images, top1 }: Following['running'][number]): number {
  return images === 0 ? 0 : (100 * top1) / images;
}
