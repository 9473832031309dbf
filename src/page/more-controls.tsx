import type { Filter } from './filter.js';
import type { ImageSource } from './images.js';

interface MoreControlsProps {
  readonly source: ImageSource;
  readonly filter: Filter;
  readonly change: (to: Partial<Filter>) => void;
}

/** Filters for whoever looks for something: a class, a pair of answers, a margin. They combine with all others. */
export function MoreControls({ source, filter, change }: MoreControlsProps) {
  const compared = source.models.some(({ against }) => against !== null);
  return (
    <div class="tools">
      <ClassChoice
        name="Labelled"
        classes={source.classes}
        value={filter.classes.length === 1 ? filter.classes[0]! : null}
        choose={(index) => {
          change({ classes: index === null ? [] : [index] });
        }}
      />
      {compared ? (
        <ClassChoice
          name="Reference says"
          classes={source.classes}
          value={filter.from}
          choose={(from) => {
            change({ from });
          }}
        />
      ) : null}
      <ClassChoice
        name="Model says"
        classes={source.classes}
        value={filter.to}
        choose={(to) => {
          change({ to });
        }}
      />
      <label>
        Margin below
        <input
          type="number"
          min="0"
          step="any"
          data-filter="margin"
          value={filter.margin !== null && Number.isFinite(filter.margin[1]) ? filter.margin[1] : ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            change({ margin: value === '' ? null : [0, Number(value)] });
          }}
        />
      </label>
    </div>
  );
}

interface ClassChoiceProps {
  readonly name: string;
  readonly classes: readonly string[];
  readonly value: number | null;
  readonly choose: (index: number | null) => void;
}

function ClassChoice({ name, classes, value, choose }: ClassChoiceProps) {
  return (
    <label>
      {name}
      <select
        data-filter={name.toLowerCase().replace(' ', '-')}
        value={value ?? ''}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          choose(chosen === '' ? null : Number(chosen));
        }}
      >
        <option value="">any class</option>
        {classes.map((text, index) => (
          <option key={index} value={index}>
            {text} ({index})
          </option>
        ))}
      </select>
    </label>
  );
}
