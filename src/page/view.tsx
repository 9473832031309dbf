import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { enhance } from './enhance.js';
import { addressOf, everything, filterOf, type Filter } from './filter.js';
import type { ImageSource } from './images.js';
import { ImageList } from './list.js';
import { Progress, type Following } from './progress.js';
import type { RunDescription } from './answers.js';
import { askRuns, loadRun, type ServedRun } from './served.js';

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
        {source.images.count.toLocaleString('en-US')} images, {models.map(({ name }) => name).join(', ')}
      </p>
      {pictures === null ? null : <p class="muted">No pictures: {pictures}.</p>}
      {following === null ? null : <Progress following={following} models={models.map(({ name }) => name)} />}
      <ImageList source={source} chosen={[]} filter={filter} go={go} whole />
    </section>
  );
}

function View({ descriptions }: { descriptions: readonly RunDescription[] }) {
  const [runs, setRuns] = useState<readonly ServedRun[]>([]);
  const [first, setFirst] = useState(0);
  const [second, setSecond] = useState<number | null>(null);
  useEffect(() => {
    void Promise.all(descriptions.map((description, at) => loadRun(description, at))).then(setRuns);
  }, [descriptions]);
  const shown = runs[first];
  if (shown === undefined) return <p role="status">Loading the run ...</p>;
  const beside = second === null ? undefined : runs[second];
  const options = descriptions.map(({ folder }, at) => (
    <option key={folder} value={at}>
      {folder}
    </option>
  ));
  return (
    <>
      {descriptions.length < 2 ? null : (
        <div class="tools">
          <label>
            Run
            <select
              data-filter="run"
              value={first}
              onChange={(event) => {
                setFirst(Number(event.currentTarget.value));
              }}
            >
              {options}
            </select>
          </label>
          <label>
            Beside it
            <select
              data-filter="beside"
              value={second ?? ''}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setSecond(value === '' ? null : Number(value));
              }}
            >
              <option value="">none</option>
              {options}
            </select>
          </label>
        </div>
      )}
      <Lists first={shown} second={beside ?? null} />
    </>
  );
}

/** One run or two side by side, under one filter, which is the page's address. */
function Lists({ first, second }: { first: ServedRun; second: ServedRun | null }) {
  const models = first.source().models;
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
  const go = (to: Filter): void => {
    setFilter(to);
    history.replaceState(null, '', addressOf(to));
  };
  return (
    <div class={second === null ? '' : 'row'}>
      <Run run={first} filter={filter} go={go} />
      {second === null ? null : <Run run={second} filter={{ ...filter, image: null }} go={go} />}
    </div>
  );
}

async function open(): Promise<void> {
  const root = document.getElementById('view');
  if (root === null) return;
  render(<View descriptions={await askRuns()} />, root);
}

enhance();
void open();
