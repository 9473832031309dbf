import { counted } from '../domain/count.js';
import type { ModelSummary } from './summary-schema.js';

export { count, counted } from '../domain/count.js';

const MINUS = '\u2212';

/** Decimals of a percentage that tell two counts of so many images apart, and no more: 1 for 1 000, 3 for 50 000. */
export function decimalsFor(images: number): number {
  return images <= 100 ? 0 : Math.min(3, Math.ceil(Math.log10(images / 100)));
}

/** Decimals of a model's own figures: those of `decimalsFor`, and those of a documented figure that they are compared with. */
export function modelDecimals({
  images,
  documented,
  verdict,
}: Pick<ModelSummary, 'images' | 'documented' | 'verdict'>): number {
  const compared = verdict.difference === null ? null : (documented?.top1 ?? null);
  return Math.max(decimalsFor(images), compared === null ? 0 : publishedDecimals(compared));
}

/** `1 point`, `2 points`, `0.5 points`. */
export function points(value: number): string {
  return `${value} ${value === 1 ? 'point' : 'points'}`;
}

/** A percentage 0..100; `n/a` for null. */
export function percent(value: number | null, decimals: number): string {
  return value === null ? 'n/a' : `${value.toFixed(decimals)} %`;
}

/** `float`, `float and int8`, `a, b and c`. */
export function joined(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`;
}

/** A documented figure with the digits it was published with, two at least. */
export function published(value: number): string {
  return `${value.toFixed(publishedDecimals(value))} %`;
}

function publishedDecimals(value: number): number {
  const text = String(value);
  return Math.max(2, text.includes('.') ? text.length - text.indexOf('.') - 1 : 0);
}

/** A signed difference in points of 100: `+0.123`, `−0.770`, `0.000`. */
export function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? MINUS : '+'}${text}`;
}

/** An interval of a share, which never leaves 0 to 100: `73.222 to 73.994 %`. */
export function range([low, high]: readonly [number, number], decimals: number): string {
  return `${Math.max(0, low).toFixed(decimals)} to ${Math.min(100, high).toFixed(decimals)} %`;
}

/** `−1.2 to +0.4` points. */
export function signedRange(interval: readonly [number, number], decimals: number): string {
  return `${signed(interval[0], decimals)} to ${signed(interval[1], decimals)}`;
}

/** A p-value with two digits that count: `0.46`, `0.0047`, `< 0.0001`. */
export function pValue(value: number): string {
  if (value < 0.0001) return '< 0.0001';
  if (value > 0.9999) return '1';
  return value >= 0.1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
}

/** Binary multiples: `13.3 MiB`. */
export function bytes(value: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return unit === 0 ? counted(value, 'byte') : `${size.toFixed(1)} ${units[unit]!}`;
}

/** `12.3 s`, `4 min 05 s`, `1 h 01 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return minutes < 60
    ? `${minutes} min ${pad(whole % 60)} s`
    : `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** A score as a reader needs it: four digits that count. */
export function score(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return String(value).replace('-', MINUS);
  const magnitude = Math.abs(value);
  return value.toFixed(magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3).replace('-', MINUS);
}
