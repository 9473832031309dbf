import type { ImageColumns, ImageDetail, News, RunDescription } from './answers.js';
import type { ImageModel, ImageSource, ImageTable, Ranked } from './images.js';
import type { Following } from './progress.js';

/** The address's token goes with every request. */
const token = new URLSearchParams(location.search).get('t') ?? '';

function address(path: string, query: Readonly<Record<string, string>> = {}): string {
  return `${path}?${new URLSearchParams({ ...query, t: token }).toString()}`;
}

async function ask<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await fetch(address(path, query));
  if (!response.ok) throw new Error(await response.text());
  // The server is this program's own.
  return (await response.json()) as T;
}

export function askRuns(): Promise<readonly RunDescription[]> {
  return ask('/api/runs');
}

/** A run's images as the page reads them; those of a running run get more. */
export class ServedRun {
  onNews: () => void = () => undefined;
  readonly #best = new Map<number, readonly (readonly Ranked[])[]>();
  readonly #models: readonly ImageModel[];

  constructor(
    readonly description: RunDescription,
    private readonly path: string,
    private readonly columns: ImageColumns,
  ) {
    this.#models = description.models.map(({ name, comparedWith }, at) => ({
      name,
      slug: `${at + 1}`,
      against: comparedWith,
    }));
  }

  source(): ImageSource {
    const { description, columns } = this;
    const table: ImageTable = {
      count: columns.ids.length,
      name: (at) => columns.ids[at]!,
      label: (at) => columns.labels[at]!,
      top1: (model, at) => {
        const answer = columns.models[model]!.top1[at]!;
        return answer < 0 ? null : answer;
      },
      margin: (model, at) => columns.models[model]!.margin[at]!,
      confidence: (model, at) => columns.models[model]!.confidence[at]!,
      tied: (model, at) => columns.models[model]!.tied[at] === 1,
    };
    return {
      classes: description.classes.map(({ name }) => name),
      models: this.#models,
      images: table,
      picture: (at, step = 'crop') =>
        description.pictures === null ? address(`${this.path}/picture/${at}`, { step }) : null,
      sure: table.confidence,
      best: (at) => this.#best.get(at) ?? null,
      steps: description.pictures === null,
    };
  }

  /** Has an image's five best brought, once. */
  ask(at: number): void {
    if (this.#best.has(at)) return;
    this.#best.set(at, []);
    void ask<ImageDetail>(`${this.path}/image/${at}`).then(({ models }) => {
      this.#best.set(
        at,
        models.map(({ best }) => best),
      );
      this.onNews();
    });
  }

  /** Tells of a run that is going on, until it ends; the list gets what is new. @returns what ends it */
  follow(tell: (following: Following | null) => void): () => void {
    if (!this.description.running) return () => undefined;
    const events = new EventSource(address(`${this.path}/follow`));
    events.onmessage = ({ data }: MessageEvent<string>) => {
      const { progress, images } = JSON.parse(data) as News;
      tell(progress);
      if (images > this.columns.ids.length) void this.#more();
      if (progress === null) events.close();
    };
    return () => {
      events.close();
    };
  }

  async #more(): Promise<void> {
    const from = this.columns.ids.length;
    const more = await ask<ImageColumns>(`${this.path}/images`, { from: String(from) });
    // Two answers can be under way at once: the second one's images are there already.
    if (this.columns.ids.length !== from) return;
    this.columns.ids.push(...more.ids);
    this.columns.labels.push(...more.labels);
    more.models.forEach(({ top1, margin, confidence, tied }, model) => {
      const own = this.columns.models[model]!;
      own.top1.push(...top1);
      own.margin.push(...margin);
      own.confidence.push(...confidence);
      own.tied.push(...tied);
    });
    this.onNews();
  }
}

export async function loadRun(description: RunDescription, at: number): Promise<ServedRun> {
  const path = `/api/runs/${at}`;
  return new ServedRun(description, path, await ask<ImageColumns>(`${path}/images`));
}
