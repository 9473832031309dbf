import { gatesBroken } from '../gate-schema.js';
import { gateLabel, gateMeasured, gatesHeadline, gateTitle } from '../gate-wording.js';
import type { Summary } from '../summary-schema.js';
import { html, prose, type Markup } from './markup.js';
import { scroll } from './scroll.js';

const badges = {
  pass: { tone: 'pass', sign: '✓' },
  fail: { tone: 'fail', sign: '✗' },
  undecided: { tone: 'none', sign: '–' },
} as const;

/** The verdicts of the config's gates, with what explains a failure; nothing where it has none. */
export function gates({ gates: report }: Summary): Markup | null {
  if (report === null) return null;
  return html`<h2 id="gates">Gates</h2>
    <div class="answer ${gatesBroken(report) ? 'fail' : 'pass'}">
      <p class="said">${prose(gatesHeadline(report))}</p>
    </div>
    <div class="panel">
      ${scroll(
        'Gates',
        html`<table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Gate</th>
              <th scope="col">Measured</th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            ${report.models.flatMap(({ model, against, verdicts }) =>
              verdicts.map(
                (verdict) =>
                  html`<tr>
                    <th scope="row">
                      ${model}${against === null ? null : html`<small>against ${against}</small>`}
                    </th>
                    <td>${prose(gateTitle(verdict))}<small>${verdict.gate}</small></td>
                    <td class="told">${prose(gateMeasured(verdict))}<small>${verdict.rule}</small></td>
                    <td>
                      <span class="badge ${badges[verdict.status].tone}"
                        >${badges[verdict.status].sign} ${gateLabel[verdict.status]}</span
                      >
                    </td>
                  </tr>`,
              ),
            )}
          </tbody>
        </table>`,
      )}
    </div>
    ${report.models
      .filter(({ findings }) => findings.length > 0)
      .map(
        ({ model, findings }) =>
          html`<ul class="notices" aria-label="What explains it">
            ${findings.map(
              ({ text }) =>
                html`<li class="caution">
                  <strong>${model}</strong>
                  <p>${text}</p>
                </li>`,
            )}
          </ul>`,
      )}`;
}
