import { slugs } from './slug.js';

/** What any run, check or merge writes into its folder, whatever its models. */
export const commonPaths = [
  'images.csv',
  'classes.csv',
  'flips.csv',
  'gallery.json',
  'summary.csv',
  'results-timm.csv',
  'model-card.md',
  'junit.xml',
  'report.md',
  'report.html',
  'summary.json',
  'check.json',
  'check.md',
] as const;

/** Every path, from the report folder, that a report of these models can have. */
export function reportPaths(models: readonly string[]): string[] {
  return [
    ...commonPaths,
    ...slugs(models).flatMap((slug) => [
      `predictions/${slug}.csv`,
      `predictions/${slug}.parquet`,
      `model-index/${slug}.yaml`,
    ]),
  ];
}
