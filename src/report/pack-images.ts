import { deflateRawSync } from 'node:zlib';
import { margins, topMargin } from '../metrics/margin.js';
import type { ImageSource } from '../page/images.js';
import type { PackedImages } from '../page/packed.js';
import type { Prediction } from '../domain/domain.js';
import { classNamer } from './class-name.js';
import { MARGIN_BARS } from './charts/margin.js';
import { confidence, ranked, scoreKind } from './scores.js';
import type { ModelRecord } from '../record/run-record.js';
import type { Report } from './report.js';

/** A run's images as the list of a page reads them, straight from the record; `pictures` by place. */
export function imageSource(report: Report, pictures: ReadonlyMap<number, string>): ImageSource {
  const { record, summary } = report;
  const { samples, models } = record;
  const nameOf = classNamer(record.dataset.classes);
  const kinds = models.map(scoreKind);
  const prediction = (model: number, at: number): Prediction => models[model]!.predictions.at(at)!;
  return {
    classes: record.dataset.classes.map(({ index }) => nameOf(index)),
    models: summary.models.map(({ name, slug, comparison }) => ({
      name,
      slug,
      against:
        comparison === null ? null : summary.models.findIndex((other) => other.name === comparison.with),
    })),
    images: {
      count: samples.length,
      name: (at) => samples[at]!.id,
      label: (at) => samples[at]!.label,
      top1: (model, at) => prediction(model, at).classes[0] ?? null,
      margin: (model, at) => topMargin(prediction(model, at)),
      confidence: (model, at) => confidence(prediction(model, at), kinds[model]!),
      tied: (model, at) => prediction(model, at).tiedTop > 1,
    },
    picture: (at) => pictures.get(at) ?? null,
    sure: (model, at) => confidence(prediction(model, at), kinds[model]!),
    best: (at) => models.map((model, place) => ranked(model.predictions.at(at)!, kinds[place]!)),
  };
}

/** The same for the page to carry; `chosen` are the places that have a picture or are worth one. */
export function packImages(report: Report, chosen: readonly number[]): PackedImages {
  const { record, summary } = report;
  const source = imageSource(report, new Map());
  const { images } = source;
  const names = record.samples.map(({ id }) => id);
  const nameLength = Math.max(1, ...names.map((name) => name.length));
  const columns = [
    ...planes(names.length * nameLength, (place) => {
      const code = names[place % names.length]!.charCodeAt(Math.floor(place / names.length));
      return Number.isNaN(code) ? 0 : code;
    }),
    ...planes(names.length, images.label),
    ...record.models.flatMap((model, place) =>
      modelColumns(model, place, source, summary.models[place]!.calibration.bins.length),
    ),
  ];
  return {
    version: 1,
    count: names.length,
    classes: source.classes,
    models: source.models.map((model, place) => ({
      ...model,
      margins: edges(record.models[place]!),
      bins: summary.models[place]!.calibration.bins.length,
    })),
    nameLength,
    chosen,
    best: chosen.map((at) => source.best(at)!),
    columns: deflateRawSync(Buffer.concat(columns), { level: 9 }).toString('base64'),
  };
}

/** Low bytes, then high bytes. */
function planes(count: number, value: (at: number) => number): Uint8Array[] {
  const [low, high] = [new Uint8Array(count), new Uint8Array(count)];
  for (let at = 0; at < count; at++) {
    const number = value(at);
    low[at] = number & 0xff;
    high[at] = number >> 8;
  }
  return [low, high];
}

function edges(model: ModelRecord): number[] {
  return margins(model.predictions, MARGIN_BARS).distribution?.histogram.map(({ lower }) => lower) ?? [];
}

function modelColumns(
  model: ModelRecord,
  place: number,
  { images }: ImageSource,
  bins: number,
): Uint8Array[] {
  const lower = edges(model);
  const column = (value: (at: number) => number): Uint8Array =>
    Uint8Array.from({ length: images.count }, (_, at) => value(at));
  return [
    ...planes(images.count, (at) => (images.top1(place, at) ?? 0xffff) ^ images.label(at)),
    column((at) => {
      const margin = images.margin(place, at);
      return margin === null ? 0 : lower.findLastIndex((edge) => margin >= edge) + 1;
    }),
    column((at) => {
      const share = images.confidence(place, at);
      return share === null ? 0 : Math.max(1, Math.ceil(share * bins));
    }),
    column((at) => (images.tied(place, at) ? 1 : 0)),
  ];
}
