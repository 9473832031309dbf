import type { ComponentChildren } from 'preact';
import { outcome } from './filter.js';
import type { ImageSource } from './images.js';

const words = {
  lost: 'Lost',
  gained: 'Gained',
  'both-wrong': 'Both wrong',
  'both-right': 'Both right',
  wrong: 'Wrong',
  right: 'Right',
} as const;

interface CardProps {
  readonly source: ImageSource;
  readonly at: number;
  /** Place of the model that the list speaks of. */
  readonly model: number;
  /** Opens it large; left out where nothing can. */
  readonly open?: (at: number) => void;
}

/** An image of the list: its picture, label, and what the models answer. */
export function Card({ source, at, model, open }: CardProps) {
  const { images, classes, models } = source;
  const label = images.label(at);
  const { against } = models[model]!;
  const sides = against === null ? [model] : [against, model];
  const answers = sides.map((side) => images.top1(side, at));
  const kind = outcome(label, answers.at(-1) ?? null, answers[0] ?? null, against !== null);
  const picture = source.picture(at);
  const name = classes[label] ?? `class ${label}`;
  return (
    <li class={picture === null ? 'nameless' : ''}>
      {picture === null ? null : (
        <Door open={open} at={at}>
          <img
            alt={`${images.name(at)}, labelled ${name}`}
            width="96"
            height="96"
            decoding="async"
            data-at={at}
            src={picture}
          />
        </Door>
      )}
      <div>
        <span class={`kind ${kind}`}>{words[kind]}</span>
        <span class="label">{name}</span>
      </div>
      <dl>
        {sides.map((side, place) => (
          <Answer
            key={side}
            name={models[side]!.name}
            right={answers[place] === label}
            source={source}
            model={side}
            at={at}
          />
        ))}
      </dl>
      <Door open={open} at={at}>
        <span class="file">{images.name(at)}</span>
      </Door>
    </li>
  );
}

function Door({
  open,
  at,
  children,
}: {
  open?: ((at: number) => void) | undefined;
  at: number;
  children: ComponentChildren;
}) {
  if (open === undefined) return <>{children}</>;
  return (
    <button
      type="button"
      class="bare"
      onClick={() => {
        open(at);
      }}
    >
      {children}
    </button>
  );
}

interface AnswerProps {
  readonly source: ImageSource;
  readonly model: number;
  readonly at: number;
  readonly name: string;
  readonly right: boolean;
}

function Answer({ source, model, at, name, right }: AnswerProps) {
  const { images, classes } = source;
  const answer = images.top1(model, at);
  const sure = source.sure(model, at);
  return (
    <>
      <dt>{name}</dt>
      <dd class={right ? 'right' : 'wrong'}>
        {answer === null ? 'no answer (NaN)' : (classes[answer] ?? `class ${answer}`)}
      </dd>
      <dd class="score">{sure === null ? '' : `${(100 * sure).toFixed(0)} %`}</dd>
    </>
  );
}
