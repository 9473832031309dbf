import type { Config } from 'vega-lite';
import { MODEL_COLOURS } from '../../page/colours.js';

/** Colours are custom properties of the page, so that one SVG serves light and dark. */
export const ink = 'var(--ink)';
export const muted = 'var(--ink-2)';
export const faint = 'var(--line)';
export const surface = 'var(--paper)';
export const loss = 'var(--fail)';

/** The colour of the model at a place in the run. */
export function modelColour(place: number): string {
  return `var(--m${place % MODEL_COLOURS})`;
}

const font = 'inherit';

/** Quiet axes, no frame, the page's type. */
export const theme: Config = {
  font,
  padding: 2,
  view: { stroke: null },
  axis: {
    labelColor: muted,
    labelFontSize: 12,
    titleColor: muted,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    domainColor: faint,
    tickColor: faint,
    tickSize: 4,
    gridColor: faint,
    gridOpacity: 0.6,
    labelPadding: 4,
  },
  axisX: { titleAnchor: 'end', grid: false },
  axisY: {
    titleAngle: 0,
    titleAnchor: 'end',
    titleAlign: 'left',
    titleBaseline: 'bottom',
    titleX: 0,
    titleY: -10,
    domain: false,
    ticks: false,
  },
  text: { color: ink, fontSize: 12, font },
};

/** A drawing that takes a panel's whole width, and one of two side by side; each with its second for a phone. */
export const whole = {
  extent: { width: 1060, height: 360 },
  narrow: { width: 338, height: 320 },
} as const;
export const half = {
  extent: { width: 500, height: 270 },
  narrow: { width: 338, height: 240 },
} as const;
