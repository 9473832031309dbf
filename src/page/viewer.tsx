import { useEffect, useRef, useState } from 'preact/hooks';
import { counted } from './counted.js';
import { steps, type ImageSource, type Ranked, type Step } from './images.js';

interface ViewerProps {
  readonly source: ImageSource;
  readonly at: number;
  /** Places of the list, in its order: the arrows go through them. */
  readonly list: readonly number[];
  readonly show: (at: number | null) => void;
}

/** One image large, with every model's five best; arrow keys go to the next, Escape closes. */
export function Viewer({ source, at, list, show }: ViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
  }, []);
  const place = list.indexOf(at);
  const step = (by: number): void => {
    const next = list[place + by];
    if (place !== -1 && next !== undefined) show(next);
  };
  const { images, classes, models } = source;
  const label = images.label(at);
  const [looked, setLooked] = useState<Step>('crop');
  const picture = source.picture(at, looked);
  const best = source.best(at);
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={images.name(at)}
      onClose={() => {
        show(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') step(-1);
        if (event.key === 'ArrowRight') step(1);
      }}
    >
      <header>
        <h3>{classes[label] ?? `class ${label}`}</h3>
        <span class="muted">{place === -1 ? '' : `${counted(place + 1)} of ${counted(list.length)}`}</span>
        <button
          type="button"
          class="ghost"
          disabled={place < 1}
          onClick={() => {
            step(-1);
          }}
        >
          ← Previous
        </button>
        <button
          type="button"
          class="ghost"
          disabled={place === -1 || place === list.length - 1}
          onClick={() => {
            step(1);
          }}
        >
          Next →
        </button>
        <button
          type="button"
          class="ghost"
          onClick={() => {
            dialog.current?.close();
          }}
        >
          Close
        </button>
      </header>
      <div class="large">
        {picture === null ? (
          <p class="empty">
            This page carries no picture of it: <code>imagenet-eval run … --gallery N</code> makes it carry
            more.
          </p>
        ) : (
          <div>
            <img alt={`${images.name(at)}, ${stepWords[looked]}`} src={picture} />
            {source.steps === true ? (
              <p class="tools" role="group" aria-label="Step">
                {steps.map((name) => (
                  <button
                    type="button"
                    class="ghost"
                    key={name}
                    aria-pressed={name === looked}
                    onClick={() => {
                      setLooked(name);
                    }}
                  >
                    {name}
                  </button>
                ))}
              </p>
            ) : null}
          </div>
        )}
        <div class="answers">
          {models.map((model, which) => (
            <section key={model.slug}>
              <h4>{model.name}</h4>
              <Five
                ranked={best?.[which] ?? null}
                top1={images.top1(which, at)}
                label={label}
                classes={classes}
              />
            </section>
          ))}
        </div>
      </div>
      <p class="muted file">{images.name(at)}</p>
    </dialog>
  );
}

const stepWords = {
  decoded: 'as decoded',
  resized: 'resized whole',
  crop: 'as the first model saw it',
} as const satisfies Record<Step, string>;

interface FiveProps {
  readonly ranked: readonly Ranked[] | null;
  readonly top1: number | null;
  readonly label: number;
  readonly classes: readonly string[];
}

function Five({ ranked, top1, label, classes }: FiveProps) {
  const name = (index: number): string => classes[index] ?? `class ${index}`;
  const mark = (index: number): string => (index === label ? 'right' : 'wrong');
  if (ranked === null)
    return <p class={top1 === null ? '' : mark(top1)}>{top1 === null ? 'no answer (NaN)' : name(top1)}</p>;
  if (ranked.length === 0) return <p>no answer (NaN)</p>;
  return (
    <ol class="five">
      {ranked.map(({ class: index, score, confidence }) => (
        <li key={index} class={mark(index)}>
          <span>{name(index)}</span>
          <span class="score">
            {confidence === null ? '' : `${(100 * confidence).toFixed(1)} %`}{' '}
            <small>{score.toFixed(3)}</small>
          </span>
        </li>
      ))}
    </ol>
  );
}
