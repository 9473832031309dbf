import type { DiagnosedQuantizer } from '../diagnosis-schema.js';
import type { Block } from '../document/document.js';
import { html, prose, type Markup } from '../document/markup.js';
import { score, signed, signedRange } from '../figures.js';

/** Quantizers that are listed at once; the others open on a click. */
const LISTED = 20;

/** Every quantizer of a model, costliest first; a click opens what was seen of it and its histogram against its range. */
export function quantizerList(quantizers: readonly DiagnosedQuantizer[]): Block {
  const entries = quantizers.map((quantizer, at) => entry(quantizer, at));
  const others = entries.slice(LISTED);
  return {
    kind: 'page',
    markup: html`<div class="panel quantizers">
      ${entries.slice(0, LISTED)}
      ${
        others.length === 0
          ? null
          : html`<details>
              <summary><strong>The other ${others.length}</strong></summary>
              ${others}
            </details>`
      }
    </div>`,
  };
}

function entry(quantizer: DiagnosedQuantizer, at: number): Markup {
  const { tensor, kind, cost, fault } = quantizer;
  return html`<details>
    <summary>
      <span class="place">${at + 1}</span>
      <span class="share"
        >${cost === null ? '–' : `${(100 * cost).toFixed(1).replace('-0.0', '0.0')} %`}</span
      >
      <span class="tensor">${tensor}</span>
      <span class="badge ${fault === null ? 'none' : 'fail'}"
        >${fault === null ? kind : `${kind}: ${faultWords[fault.kind]}`}</span
      >
    </summary>
    ${fault === null ? null : html`<p><strong>${prose(capital(fault.sentence))}.</strong></p>`}
    <p>${prose(quantizer.sentence)}</p>
    ${drawing(quantizer)}
    <dl class="facts">
      ${facts(quantizer).map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </details>`;
}

export const faultWords = {
  clips: 'clips',
  coarse: 'too coarse',
  'zero-point': 'zero point off',
  'few-levels': 'few levels',
  'per-tensor': 'one scale for unlike channels',
  scale: 'scale off',
  mismatch: 'Q and DQ differ',
} as const;

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function facts(quantizer: DiagnosedQuantizer): (readonly [string, string])[] {
  const {
    costInterval,
    images,
    agreement,
    alone,
    range,
    observed,
    weights,
    sqnr,
    layers,
    int8,
    type,
    matchedBy,
  } = quantizer;
  const list: (readonly [string, string])[] = [];
  if (costInterval !== null)
    list.push([
      'Cost',
      `${(100 * quantizer.cost!).toFixed(1)} % of the error goes away (95 % interval ${(100 * costInterval[0]).toFixed(1)} to ${(100 * costInterval[1]).toFixed(1)}, ${images} images)`,
    ]);
  else list.push(['Cost', `not measured: ${quantizer.notMeasured ?? ''}`]);
  if (agreement !== null)
    list.push([
      'Agrees with float',
      `${agreement.after} of ${images} images, ${agreement.before} as it is; ${agreement.wonBack} won back, ${agreement.lost} lost`,
    ]);
  if (alone !== null)
    list.push([
      'Top-1 without it',
      `${alone.top1} of ${alone.images}, the float network's ${alone.floatTop1}: a drop of ${signed(alone.points, 2)} points (95 % interval ${signedRange(alone.interval, 2)})`,
    ]);
  list.push(['Stored as', quantizer.perChannel ? `${type}, a scale for each channel` : `${type}, one scale`]);
  if (range !== null) list.push(['Range', `${score(range.low)} to ${score(range.high)}`]);
  if (observed !== null)
    list.push([
      'Seen',
      `${score(observed.min)} to ${score(observed.max)}; 99.8 % from ${score(observed.percentiles.p01)} to ${score(observed.percentiles.p999)}${observed.in === 'int8' ? ' (in the int8 network)' : ''}`,
    ]);
  if (observed?.ownSqnr != null && observed.bestSqnr !== null)
    list.push([
      'Alone',
      `${observed.ownSqnr.toFixed(1)} dB; the best range gives ${observed.bestSqnr.toFixed(1)} dB`,
    ]);
  if (observed?.channels != null && observed.channels.dead > 0)
    list.push(['Dead channels', `${observed.channels.dead} of ${observed.channels.count}`]);
  if (sqnr !== null) list.push([weights === null ? 'SQNR here' : 'SQNR', `${sqnr.toFixed(1)} dB`]);
  if (weights !== null && weights.worst.length > 0)
    list.push([
      'Worst channels',
      weights.worst.map((one) => `${one.channel} (${one.sqnr.toFixed(1)} dB)`).join(', '),
    ]);
  list.push(['Layers', layers.join(', ')]);
  list.push(['In the int8 file', int8.output]);
  if (matchedBy !== 'name')
    list.push(['Found in float', matchedBy === null ? 'not found' : 'by the structure of the graph']);
  return list;
}

const WIDTH = 640;
const HEIGHT = 120;

/** Histogram of the values (heights by square root, so that rare ones are seen) against the range that can be held. */
function drawing({ observed, weights, range, tensor }: DiagnosedQuantizer): Markup | null {
  const bars = observed?.histogram ?? weights?.histogram ?? [];
  if (bars.length === 0) return null;
  const low = Math.min(bars[0]![0], range?.low ?? Infinity);
  const high = Math.max(bars.at(-1)![1], range?.high ?? -Infinity);
  const x = (value: number): number => round((WIDTH * (value - low)) / (high - low));
  const most = Math.sqrt(Math.max(...bars.map(([, , share]) => share)));
  const height = (share: number): number => Math.max(1, (HEIGHT * Math.sqrt(share)) / most);
  const path = bars
    .map(([from, to, share]) => {
      const top = round(HEIGHT - height(share));
      return `M${x(from)},${HEIGHT}V${top}H${Math.max(x(to), x(from) + 0.5)}V${HEIGHT}Z`;
    })
    .join('');
  const told = `Histogram of ${tensor}${range === null ? '' : ` against the range ${score(range.low)} to ${score(range.high)}`}`;
  return html`<svg
      class="histogram"
      role="img"
      aria-label="${told}"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      width="${WIDTH}"
      height="${HEIGHT}"
    >
      ${range === null ? null : html`<rect x="${x(range.low)}" y="0" width="${round(x(range.high) - x(range.low))}" height="${HEIGHT}" fill="var(--pass-bg)"></rect>`}
      <path d="${path}" fill="var(--m0)"></path>
      ${range === null ? null : [range.low, range.high].map((end) => html`<path d="M${x(end)},0V${HEIGHT}" stroke="var(--pass)" stroke-width="1.5"></path>`)}
      <path d="M0,${HEIGHT}H${WIDTH}" stroke="var(--line)"></path>
    </svg>
    <div class="ends"><span>${score(low)}</span><span>${score(high)}</span></div>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
