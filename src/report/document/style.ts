import { MODEL_COLOURS } from '../../page/colours.js';

/** The page's style sheet. Colours are custom properties, for light and dark, and the drawings use them too. */
const light = `
  color-scheme: light;
  --page: #f6f7f8; --paper: #ffffff; --ink: #1a1f26; --ink-2: #57606b; --line: #dde2e7; --soft: #eef1f4;
  --accent: #1f5fa8; --pass: #16703a; --pass-bg: #e5f4ea; --fail: #b3261e; --fail-bg: #fcebea;
  --above: #1d5f8a; --above-bg: #e6f1f8; --none: #57606b; --none-bg: #eef1f4; --warn: #8a5300; --warn-bg: #fff4df;
  --m0: #2c69b0; --m1: #c2600c; --m2: #2a7f62; --m3: #8a4fa3; --m4: #a33b57; --m5: #6b6b1f;
  --m6: #0f7c8c; --m7: #b03a9a; --m8: #5b5bd6; --m9: #8c5a2b; --m10: #4f7a1f; --m11: #c23b3b;
`;
const dark = `
  color-scheme: dark;
  --page: #12161b; --paper: #1a2027; --ink: #e8ecf1; --ink-2: #a5afba; --line: #323b46; --soft: #232b34;
  --accent: #86b8f2; --pass: #6fd196; --pass-bg: #16321f; --fail: #ff9b92; --fail-bg: #421d1b;
  --above: #84c5ef; --above-bg: #15303f; --none: #b3bcc6; --none-bg: #262e37; --warn: #f3bd62; --warn-bg: #382a12;
  --m0: #7db0ee; --m1: #f0a05a; --m2: #74c9a8; --m3: #c99be0; --m4: #ee93ab; --m5: #cfc96e;
  --m6: #63cfdd; --m7: #ef96df; --m8: #aeaefa; --m9: #d8aa7d; --m10: #a9d672; --m11: #ff9c9c;
`;

/** A model's colour as a dot and as a line. */
const modelColours = Array.from(
  { length: MODEL_COLOURS },
  (_, model) => `.m${model} { background: var(--m${model}); } .c${model} { stroke: var(--m${model}); }`,
).join(' ');

export const style = `
:root { ${light} }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { ${dark} } }
:root[data-theme=dark] { ${dark} }
@media print { :root, :root:not([data-theme=light]), :root[data-theme=dark] { ${light} --page: #fff; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-behavior: smooth; scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
a { color: var(--accent); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; top: 0; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .8rem; z-index: 9; }
.bar {
  position: sticky; top: 0; z-index: 5; display: flex; gap: .4rem 1.5rem; align-items: center;
  padding: .6rem max(1rem, calc((100vw - 1120px) / 2)); background: var(--paper); border-bottom: 1px solid var(--line);
}
.brand { font-weight: 600; letter-spacing: -.01em; white-space: nowrap; font-size: .95rem; }
.bar nav { flex: 1; min-width: 0; overflow-x: auto; scrollbar-width: none; }
.bar ul { display: flex; gap: 1.1rem; list-style: none; margin: 0; padding: 0; font-size: .9rem; }
.bar li a { color: var(--ink-2); text-decoration: none; white-space: nowrap; display: inline-block; padding: .25rem 0; }
.bar li a:hover { color: var(--ink); text-decoration: underline; }
main { max-width: 1152px; margin: 0 auto; padding: 2.2rem 1rem 3rem; }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.2rem); line-height: 1.2; letter-spacing: -.02em; margin: 0 0 .3rem; text-wrap: balance; }
h2 { font-size: 1.35rem; letter-spacing: -.01em; margin: 3.2rem 0 .4rem; }
h3 { font-size: 1.02rem; margin: 0 0 .3rem; } .panel > :is(h2, h3):first-child { margin-top: 0; }
p { margin: .3rem 0 .8rem; max-width: 74ch; }
.lead { color: var(--ink-2); margin-bottom: 1.4rem; }
.muted, small { color: var(--ink-2); }
small { font-size: .84rem; }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; font-size: .86em; }
.answer { border-left: 5px solid var(--none); padding: .2rem 0 .2rem 1rem; margin: 1.2rem 0 1.8rem; }
.answer p { margin: 0; max-width: 60ch; white-space: pre-line; }
.answer .question { color: var(--ink-2); }
.answer .said { font-size: clamp(1.2rem, 1rem + 1vw, 1.55rem); line-height: 1.35; font-weight: 600; letter-spacing: -.01em; text-wrap: pretty; }
.answer.pass { border-color: var(--pass); } .answer.fail { border-color: var(--fail); } .answer.above { border-color: var(--above); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 1rem; }
.card, figure.chart, .panel {
  background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.2rem; margin: 0; min-width: 0;
}
.card header { display: flex; justify-content: space-between; gap: .5rem 1rem; align-items: flex-start; flex-wrap: wrap; }
.card h2 { font-size: 1.08rem; letter-spacing: 0; display: flex; gap: .5rem; align-items: baseline; margin: 0; }
.dot { display: inline-block; flex: none; width: .7rem; height: .7rem; border-radius: 50%; align-self: center; }
${modelColours}
.badge { font-size: .82rem; font-weight: 600; border-radius: 99px; padding: .12rem .65rem; white-space: nowrap; }
.badge.pass { color: var(--pass); background: var(--pass-bg); } .badge.fail { color: var(--fail); background: var(--fail-bg); }
.badge.above { color: var(--above); background: var(--above-bg); } .badge.none { color: var(--none); background: var(--none-bg); }
.figure { font-size: 2.3rem; font-weight: 650; letter-spacing: -.03em; line-height: 1.15; margin: .7rem 0 0; }
.figure small { font-size: 1rem; letter-spacing: 0; font-weight: 400; }
.card dl, .facts { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1.2rem; margin: .9rem 0; font-size: .93rem; }
dt { color: var(--ink-2); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
h1, h2, h3, .answer, .notices, figcaption, .breaks { overflow-wrap: anywhere; } .breaks { min-width: 8rem; }
.card dd { text-align: right; }
.card > p:last-child { margin-bottom: 0; font-size: .93rem; } .card > p:last-child::first-letter { text-transform: uppercase; }
.notices { display: grid; gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
.notices > li { border-radius: 8px; padding: .65rem 1rem; background: var(--soft); border-left: 4px solid var(--none); font-size: .95rem; }
.notices > li.caution { background: var(--warn-bg); border-color: var(--warn); }
.notices strong { display: block; } .notices p { margin: 0; max-width: none; white-space: pre-line; }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 470px), 1fr)); gap: 1rem; margin: 1rem 0; } .panel .panel { border: 0; padding: 0; }
.steps { grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); } .steps figure.chart .drawing { margin: 0 auto; }
main > section > figure.chart, main > section > .panel { margin: 1rem 0; }
figure.chart { display: flex; flex-direction: column; }
figure.chart figcaption { max-width: 80ch; font-size: .9rem; color: var(--ink-2); margin-bottom: .8rem; }
figure.chart figcaption strong { display: block; color: var(--ink); font-size: 1rem; }
figure.chart .drawing { margin: auto auto 0; max-width: 100%; }
figure.chart svg { display: block; max-width: 100%; height: auto; overflow: visible; }
figure.chart [data-tip]:hover { stroke: var(--ink); stroke-width: 1.5; }
.wide { display: none; }
@media (min-width: 760px), print { .wide { display: block; } .wide + .narrow { display: none; } }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: .5rem 0 0; font-size: .86rem; color: var(--ink-2); }
.scroll { overflow-x: auto; margin: .6rem 0; } .panel > .scroll:last-child, .panel > table:last-child { margin-bottom: 0; } tbody tr:last-child > * { border-bottom: 0; }
[data-table] .scroll { max-height: 85vh; overflow: auto; } [data-table] thead th { position: sticky; top: 0; z-index: 2; background: var(--paper); }
[data-table] tbody th, [data-table] thead th:first-child { position: sticky; left: 0; background: var(--paper); z-index: 1; } [data-table] thead th:first-child { z-index: 3; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .45rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--ink-2); font-size: .86rem; } thead th { vertical-align: bottom; }
tbody th { min-width: 7rem; font-weight: 500; color: var(--ink); font-size: inherit; }
tr > :first-child { padding-left: 0; } tr > :last-child { padding-right: 0; }
.num { text-align: right; white-space: nowrap; }
td small, th small { display: block; font-weight: 400; } td small { white-space: nowrap; } td small.detail, .card small.detail { white-space: normal; } td .badge + .detail { margin-top: .2rem; min-width: 12rem; } thead .num { white-space: normal; }
.down { color: var(--fail); } .up { color: var(--pass); }
thead button { all: unset; cursor: pointer; font: inherit; color: inherit; }
thead button:hover { color: var(--ink); text-decoration: underline; text-underline-offset: 3px; }
thead button:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
th[aria-sort=ascending] button::after { content: ' \\2191'; } th[aria-sort=descending] button::after { content: ' \\2193'; }
.panel > .scroll:first-child, .panel > .tools:first-child { margin-top: 0; }
.tools { display: flex; flex-wrap: wrap; gap: .6rem .9rem; align-items: end; margin: .8rem 0; font-size: .92rem; }
.tools label { display: grid; gap: .15rem; color: var(--ink-2); font-size: .84rem; min-width: 0; }
.tools .told { margin-left: auto; color: var(--ink-2); padding-bottom: .4rem; }
input, select, button { font: inherit; }
input[type=search], input[type=number], select { color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-color: color-mix(in srgb, var(--ink-2) 60%, transparent); border-radius: 7px; padding: .35rem .6rem; max-width: 100%; min-width: 11rem; }
.ghost { color: var(--ink); background: transparent; border: 1px solid var(--line); border-radius: 7px; padding: .3rem .75rem; cursor: pointer; font-size: .88rem; white-space: nowrap; }
.ghost:hover { background: var(--soft); }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr)); gap: .9rem; padding: 0; margin: .6rem 0; list-style: none; }
.gallery > li { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: .8rem; font-size: .9rem; display: grid; grid-template-columns: 96px minmax(0, 1fr); overflow-wrap: anywhere; gap: .2rem .9rem; align-content: start; }
.gallery img, .gallery .blank { width: 96px; height: 96px; object-fit: cover; border-radius: 6px; background: var(--soft); grid-row: span 2; }
.gallery .blank { display: grid; place-items: center; color: var(--ink-2); font-size: .75rem; text-align: center; padding: .3rem; }
.gallery .kind { font-size: .78rem; font-weight: 600; }
.gallery .kind.lost { color: var(--fail); } .gallery .kind.gained { color: var(--pass); } .gallery .kind.both-wrong, .gallery .kind.mistake { color: var(--ink-2); }
.gallery .label { font-weight: 600; line-height: 1.3; display: block; }
.gallery dl { grid-column: 1 / -1; margin: .5rem 0 0; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1rem .8rem; }
.gallery dt { grid-column: 1 / -1; font-size: .78rem; }
.gallery dd.score { text-align: right; white-space: nowrap; } .gallery dd.score small { display: block; }
.gallery .file { overflow-wrap: anywhere; margin-top: .3rem; grid-column: 1 / -1; color: var(--ink-2); font-size: .75rem; }
.windowed { overflow: hidden; } .windowed .gallery { margin: 0; gap: 16px; } .windowed .gallery > li { height: 280px; overflow: hidden; box-sizing: border-box; align-content: start; }
.follow progress { width: min(100%, 24rem); } .follow > svg { display: block; width: 100%; max-width: 600px; height: auto; overflow: visible; } .follow text { font-size: 12px; fill: var(--ink-2); } .follow svg svg { overflow: hidden; }
.follow polyline { fill: none; stroke-width: 2; } .follow ul { list-style: none; padding: 0; display: flex; gap: 1.2rem; flex-wrap: wrap; }
.viewer [aria-pressed=true] { font-weight: 700; text-decoration: underline; }
 .gallery > li.nameless { grid-template-columns: minmax(0, 1fr); }
.bare { all: unset; cursor: pointer; display: block; border-radius: 6px; } button.bare:has(img) { grid-row: span 2; width: 96px; height: 96px; } button.bare:has(.file) { grid-column: 1 / -1; }
.bare:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; } .bare .file { text-decoration: underline dotted; text-underline-offset: 2px; }
.ghost:disabled { color: var(--ink-2); cursor: default; opacity: .6; }
.viewer { color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem 1.2rem; width: min(64rem, calc(100vw - 2rem)); max-height: calc(100vh - 2rem); }
.viewer::backdrop { background: rgb(0 0 0 / .55); }
.viewer header { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-bottom: .8rem; } .viewer header h3 { flex: 1; font-size: 1.25rem; margin: 0; }
.viewer .large { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.2rem; align-items: start; } .viewer .large > img { width: 100%; border-radius: 8px; background: var(--soft); }
.viewer .answers { display: grid; gap: .9rem; } .viewer h4 { margin: 0 0 .2rem; font-size: .95rem; }
.five { list-style: none; margin: 0; padding: 0; font-size: .93rem; } .five li { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .3rem; padding: .12rem 0; } .five .score { white-space: nowrap; } .five li.wrong::before { color: var(--ink-2); }
.right::before { content: '\\2713\\00a0'; color: var(--pass); } .wrong::before { content: '\\2717\\00a0'; color: var(--fail); }
.files { display: flex; flex-wrap: wrap; gap: .4rem .6rem; list-style: none; padding: 0; margin: .6rem 0 1rem; font-size: .9rem; }
.files a { display: inline-block; border: 1px solid var(--line); border-radius: 7px; padding: .2rem .7rem; text-decoration: none; background: var(--paper); }
.files a:hover { background: var(--soft); }
pre { background: var(--soft); border-radius: 8px; padding: .8rem 1rem; margin: .4rem 0; white-space: pre-wrap; }
.command { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-bottom: 1rem; } .command p { flex-basis: 100%; max-width: none; margin: 0; } .command pre { flex: 1 1 18rem; margin: 0; min-width: 0; }
.facts dd.mono, .hash { word-break: break-all; }
ol.steps { font-size: .93rem; margin: .2rem 0 .6rem; padding-left: 1.3rem; }
details { margin: .6rem 0; } summary { cursor: pointer; font-weight: 600; font-size: .95rem; }
.quantizers details { margin: 0; border-bottom: 1px solid var(--line); } .quantizers details:last-child { border-bottom: 0; }
.quantizers summary { display: flex; flex-wrap: wrap; gap: .2rem .9rem; align-items: baseline; padding: .4rem 0; font-weight: 400; }
.quantizers summary::before { content: "\\25B8"; color: var(--ink-2); } .quantizers details[open] > summary::before { content: "\\25BE"; }
.quantizers .place { color: var(--ink-2); min-width: 1.8rem; text-align: right; font-size: .85rem; } .quantizers .share { min-width: 4.2rem; text-align: right; font-weight: 600; }
.quantizers .tensor { flex: 1 1 16rem; min-width: 0; overflow-wrap: anywhere; } .quantizers details[open] { padding-bottom: .8rem; } .histogram { display: block; max-width: 100%; height: auto; margin: .4rem 0 0; } .ends { display: flex; justify-content: space-between; max-width: 640px; margin-bottom: .4rem; font-size: .8rem; color: var(--ink-2); }
.empty { color: var(--ink-2); border: 1px dashed var(--line); border-radius: 10px; padding: 1rem 1.2rem; max-width: none; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--ink-2); font-size: .88rem; }
#tip { position: fixed; z-index: 10; max-width: min(22rem, calc(100vw - 16px)); background: var(--ink); color: var(--paper); border-radius: 6px; padding: .35rem .65rem; font-size: .84rem; line-height: 1.4; pointer-events: none; }
a[href^="#images?"] { text-decoration-style: dotted; }
@media (max-width: 600px) {
  .bar { flex-wrap: wrap; } .bar nav { order: 3; flex-basis: 100%; } .bar .ghost { margin-left: auto; }
  html { scroll-padding-top: 6rem; } main { padding-top: 1.4rem; } h2 { margin-top: 2.4rem; }
  .card, figure.chart, .panel { padding: .95rem .9rem; }
  .quantizers .tensor { order: 1; flex-basis: 100%; } .quantizers .place { min-width: 0; } .quantizers .share { min-width: 0; flex: 1; text-align: left; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin-bottom: .6rem; }
  .stacked, .stacked tbody, .stacked tr, .stacked th, .stacked td { display: block; } .stacked thead { display: none; }
  .stacked tr { border-bottom: 1px solid var(--line); padding: .5rem 0; } .stacked tr:last-child { border-bottom: 0; }
  .stacked tbody :is(th, td) { border: 0; padding: .1rem 0; } .stacked tbody td { display: flow-root; } .stacked tbody td:empty { display: none; }
  .stacked th[data-head]::before { content: attr(data-head); color: var(--ink-2); font-weight: 400; margin-right: .6rem; }
  .stacked td[data-head]::before { content: attr(data-head); float: left; color: var(--ink-2); margin-right: 1rem; } .stacked td[data-head] { text-align: right; } .stacked td .detail { clear: both; text-align: left; }
  [data-table] tbody th { max-width: 45vw; overflow-wrap: anywhere; min-width: 6rem; }
  .viewer .large { grid-template-columns: minmax(0, 1fr); }
  td small .more, th small .more { display: none; } .tools label, .tools input, .tools select { width: 100%; } th, td { padding: .4rem .45rem; overflow-wrap: anywhere; } tbody th { min-width: 5rem; } .num { white-space: normal; } thead th:not(.breaks) { overflow-wrap: normal; } [data-table] td.num { white-space: nowrap; }
}
@media print {
  body { font-size: 9.5pt; } .bar, .tools, .skip, #tip, [data-copy], .viewer, #image-list > .ghost { display: none !important; }
  main { padding: 0; max-width: none; } a { color: inherit; text-decoration: none; }
  .card, figure.chart, .panel, .gallery > li, tr, .notices > li { break-inside: avoid; } h2, h3, h2 + p, .command, .command p { break-after: avoid; }
  th, td { padding: .3rem .35rem; } thead button { display: contents; } .breaks { min-width: 6rem; } [data-table] :is(.breaks, td, th) { min-width: 0; padding-inline: .12rem; } [data-table] table, table:has(thead :nth-child(8)) { font-size: 7.5pt; } table:has(thead :nth-child(8)) :is(th, td) { padding-inline: .2rem; font-size: 7.5pt; min-width: 0; } tbody th { min-width: 0; } td small, th small { font-size: .9em; } td .detail, td .badge + .detail { min-width: 6rem; overflow-wrap: anywhere; }
  .dot, .badge, .answer, .notices > li, progress { print-color-adjust: exact; -webkit-print-color-adjust: exact; } p { orphans: 3; widows: 3; }
  .scroll, [data-table] .scroll { overflow: visible; max-height: none; } [data-table] :is(tbody, thead) :is(th, th:first-child) { position: static; } td small, .num { white-space: normal; } thead { display: table-header-group; } [data-table]:has(thead :nth-child(9)) table { table-layout: fixed; } [data-table]:has(thead :nth-child(9)) thead th:first-child { width: 14%; } [data-table]:has(thead :nth-child(9)) thead .num { writing-mode: vertical-rl; text-align: right; vertical-align: bottom; } .panel[data-table] { break-inside: auto; }
  .row { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .row > :only-child, .row:has(table) > * { grid-column: 1 / -1; } h2 { margin-top: 1.8rem; }
  .gallery { grid-template-columns: repeat(3, minmax(0, 1fr)); } .gallery > li { grid-template-columns: 64px minmax(0, 1fr); } .gallery img { width: 64px; height: 64px; }
}
@page { margin: 14mm 12mm; }
`;
