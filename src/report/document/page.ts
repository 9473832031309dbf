import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { builtFile } from '../../domain/package-folder.js';
import { html, trusted, type Markup } from './markup.js';
import { style } from './style.js';

/** Pages with a script of their own: `src/page/NAME.tsx`, as `npm run build` bundles it. */
type ScriptName = 'report' | 'view';

const bundled = new Map<ScriptName, string>();

/** Read when the first page is written. */
function client(name: ScriptName): string {
  const known = bundled.get(name);
  if (known !== undefined) return known;
  const script = readFileSync(builtFile(`page/${name}.bundle.js`), 'utf8').replaceAll(
    '</script',
    '<\\/script',
  );
  bundled.set(name, script);
  return script;
}

/** The page of `imagenet-eval view`: it asks its own server for all that it shows, and nobody else. */
export function viewPage(title: string): string {
  const main = html`<h1>${title}</h1>
    <div id="view"><p role="status">Loading ...</p></div>`;
  return page(title, [], main, 'view');
}

/** A whole page: one file that asks for nothing else, with a policy that lets nothing else in. */
export function page(
  title: string,
  nav: readonly { id: string; name: string }[],
  main: Markup,
  name: ScriptName = 'report',
): string {
  const script = client(name);
  const served = name === 'view';
  const policy = [
    "default-src 'none'",
    served ? "img-src 'self' data:" : 'img-src data:',
    ...(served ? ["connect-src 'self'"] : []),
    `style-src '${digest(style)}'`,
    `script-src '${digest(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="generator" content="onnx-imagenet-eval" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the result</a>
        <header class="bar">
          <span class="brand">onnx-imagenet-eval</span>
          <nav aria-label="Sections">
            <ul>
              ${nav.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
          <button type="button" id="theme" class="ghost" hidden>Theme: auto</button>
        </header>
        <main id="main" tabindex="-1">${main}</main>
        <div id="tip" role="status" hidden></div>
        ${trusted(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
