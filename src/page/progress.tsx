import { useRef } from 'preact/hooks';
import { MODEL_COLOURS } from './colours.js';
import { counted } from './counted.js';
import type { ImageSource } from './images.js';
import { runningCurve, type CurvePoint } from './running-curve.js';

/** How far a run that is going on has come. */
export interface Following {
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  /** By model. */
  readonly running: readonly { readonly images: number; readonly top1: number }[];
}

interface ProgressProps {
  readonly following: Following;
  readonly source: ImageSource;
}

/** A run that is going on: rate, time left, and every model's Top-1 so far. */
export function Progress({ following, source }: ProgressProps) {
  const opened = useRef(following);
  const { done, total, seconds, running } = following;
  // What was there before the page may have come from an earlier run.
  const elapsed = seconds - opened.current.seconds;
  const rate = elapsed > 0 ? (done - opened.current.done) / elapsed : 0;
  return (
    <div class="follow" role="status">
      <progress value={done} max={total} aria-label="Images done" /> {counted(done)} of {counted(total)}{' '}
      images
      {rate > 0 ? `, ${rate.toFixed(1)} images/s, ${timeOf((total - done) / rate)} left` : ''}
      <ul>
        {source.models.map(({ name, slug }, model) => (
          <li key={slug}>
            <span class={`dot m${model % MODEL_COLOURS}`} aria-hidden="true" /> {name}: Top-1{' '}
            {shareOf(running[model])}
          </li>
        ))}
      </ul>
      <Curves curves={source.models.map((_, model) => runningCurve(source.images, model, POINTS))} />
    </div>
  );
}

const POINTS = 120;

function shareOf(running: Following['running'][number] | undefined): string {
  if (running === undefined || running.images === 0) return '–';
  const { images, top1 } = running;
  return `${((100 * top1) / images).toFixed(images < 1000 ? 1 : 2)} %`;
}

function timeOf(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const WIDTH = 600;
const HEIGHT = 140;
/** Room for the scale. */
const LEFT = 44;
const BOTTOM = 20;

/** Top-1 over the images so far, all models on one scale; its first tenth, which swings most, may leave it. */
function Curves({ curves }: { curves: readonly CurvePoint[][] }) {
  const images = Math.max(0, ...curves.map((points) => points.at(-1)?.images ?? 0));
  if (images < 2) return null;
  const settled = curves.flatMap((points) => points.filter((point) => point.images >= images / 10));
  const low = Math.max(0, Math.floor(Math.min(...settled.map(({ top1 }) => top1)) - 2));
  const high = Math.min(100, Math.ceil(Math.max(...settled.map(({ top1 }) => top1)) + 2));
  const x = (value: number): number => LEFT + ((WIDTH - LEFT) * value) / images;
  const y = (value: number): number => ((HEIGHT - BOTTOM) * (high - value)) / (high - low);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Top-1 after each of ${images} images`}>
      <text x={LEFT - 6} y="12" text-anchor="end">
        {high} %
      </text>
      <text x={LEFT - 6} y={HEIGHT - BOTTOM} text-anchor="end">
        {low} %
      </text>
      <text x={LEFT} y={HEIGHT - 4}>
        1
      </text>
      <text x={WIDTH} y={HEIGHT - 4} text-anchor="end">
        {counted(images)} images
      </text>
      <svg x="0" y="0" width={WIDTH} height={HEIGHT - BOTTOM}>
        {curves.map((points, model) => (
          <polyline
            key={model}
            class={`c${model % MODEL_COLOURS}`}
            points={points.map(({ images: seen, top1 }) => `${x(seen)},${y(top1)}`).join(' ')}
          />
        ))}
      </svg>
    </svg>
  );
}
