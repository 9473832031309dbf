import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { counted } from './counted.js';
import { enhance } from './enhance.js';
import { addressOf, everything, filterOf, type Filter } from './filter.js';
import type { ImageSource } from './images.js';
import { ImageList } from './list.js';
import { Progress, type Following } from './progress.js';
import type { RunDescription } from './answers.js';
import { askRuns, loadRun, type ServedRun } from './served.js';
import { searchOf, shownRuns, type ShownRuns } from './shown-runs.js';

/** The page of `imagenet-eval view`: every image of a run, asked of the server as it is looked at. */

interface RunProps {
  readonly run: ServedRun;
  readonly filter: Filter;
  readonly go: (to: Filter) => void;
}

function Run({ run, filter, go }: RunProps) {
  const [version, setVersion] = useState(0);
  const [following, setFollowing] = useState<Following | null>(null);
  useEffect(() => {
    run.onNews = () => {
      setVersion((now) => now + 1);
    };
    return run.follow(setFollowing);
  }, [run]);
  useEffect(() => {
    if (filter.image !== null) run.ask(filter.image);
  }, [run, filter.image, version]);
  // A running run gets longer: its list is made anew then.
  const source = useMemo<ImageSource>(() => ({ ...run.source() }), [run, version]);
  const { folder, models, pictures } = run.description;
  return (
    <section class="panel">
      <h2>{folder}</h2>
      <p class="muted">
        {counted(source.images.count)} images, {models.map(({ name }) => name).join(', ')}
      </p>
      {pictures === null ? null : <p class="muted">No pictures: {pictures}.</p>}
      {following === null ? null : <Progress following={following} source={source} />}
      <ImageList source={source} chosen={[]} filter={filter} go={go} whole />
    </section>
  );
}

function View({ descriptions }: { descriptions: readonly RunDescription[] }) {
  const [runs, setRuns] = useState<readonly ServedRun[]>([]);
  useEffect(() => {
    void Promise.all(descriptions.map((description, at) => loadRun(description, at))).then(setRuns);
  }, [descriptions]);
  return runs.length === 0 ? <p role="status">Loading ...</p> : <Runs runs={runs} />;
}

/** One run or two side by side, under one filter. Runs, filter and the image that is open are the page's address. */
function Runs({ runs }: { runs: readonly ServedRun[] }) {
  const [shown, setShown] = useState(() => shownRuns(location.search, runs.length));
  const first = runs[shown.first]!;
  const second = shown.second === null ? null : runs[shown.second]!;
  const { models } = first.source();
  const [filter, setFilter] = useState<Filter>(filterOf(location.hash, models) ?? everything(models));
  useEffect(() => {
    const follow = (): void => {
      const asked = filterOf(location.hash, models);
      if (asked !== null) setFilter(asked);
    };
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, [first]);
  const go = (to: Filter, runsTo: ShownRuns): void => {
    setFilter(to);
    setShown(runsTo);
    history.replaceState(null, '', `${searchOf(location.search, runsTo)}${addressOf(to)}`);
  };
  const list = (run: ServedRun, open: ShownRuns['open']) => (
    <Run
      key={open}
      run={run}
      filter={shown.open === open ? filter : { ...filter, image: null }}
      go={(to) => {
        go(to, { ...shown, open: to.image === null ? 'first' : open });
      }}
    />
  );
  return (
    <>
      {runs.length < 2 ? null : (
        <div class="tools">
          <RunChoice
            name="Run"
            filter="run"
            runs={runs}
            value={shown.first}
            choose={(at) => {
              go({ ...filter, image: null }, { ...shown, first: at ?? 0 });
            }}
          />
          <RunChoice
            name="Beside it"
            filter="beside"
            runs={runs}
            value={shown.second}
            none="none"
            choose={(at) => {
              go({ ...filter, image: null }, { ...shown, second: at });
            }}
          />
        </div>
      )}
      <div class={second === null ? '' : 'row'}>
        {list(first, 'first')}
        {second === null ? null : list(second, 'second')}
      </div>
    </>
  );
}

interface RunChoiceProps {
  readonly name: string;
  readonly filter: string;
  readonly runs: readonly ServedRun[];
  readonly value: number | null;
  /** What choosing no run is called; left out: one must be chosen. */
  readonly none?: string;
  readonly choose: (at: number | null) => void;
}

function RunChoice({ name, filter, runs, value, none, choose }: RunChoiceProps) {
  return (
    <label>
      {name}
      <select
        data-filter={filter}
        value={value ?? ''}
        onChange={({ currentTarget }) => {
          choose(currentTarget.value === '' ? null : Number(currentTarget.value));
        }}
      >
        {none === undefined ? null : <option value="">{none}</option>}
        {runs.map(({ description: { folder } }, at) => (
          <option key={at} value={at}>
            {folder}
          </option>
        ))}
      </select>
    </label>
  );
}

async function open(): Promise<void> {
  const root = document.getElementById('view');
  if (root === null) return;
  render(<View descriptions={await askRuns()} />, root);
}

enhance();
void open();
