import type { BatchFinding } from '../domain/batch-finding.js';
import type { ModelFacts } from '../record/provenance.js';

/** How a run calls one model. */
export interface BatchPlan {
  /** Rows of the input tensor in every call. */
  readonly rows: number;
  /** Distinct images in one call; where it is 1 and there are more rows, all of them hold the same image. */
  readonly imagesPerCall: number;
  /** Whether scores are the same bits alone as in a batch; null where it was not tried, or images are run alone. */
  readonly batchInvariant: boolean | null;
  /** An image has the same scores in every run: false where chance is in them, or the user's own batch size asks for company that moves them. */
  readonly repeatable: boolean;
  /** Why images are run singly, or what is wrong with doing otherwise; a sentence, null where there is nothing to say. */
  readonly notice: string | null;
}

/** The batch size of a run, and who chose it. */
export interface BatchWish {
  readonly batch: number;
  /** The user gave it; otherwise it is the default. */
  readonly explicit: boolean;
}

/** How a run that wishes for a batch size calls a model, from what is known of it; `finding` is null where nothing is. */
export function planBatch(
  facts: Pick<ModelFacts, 'fixedBatch'>,
  wish: BatchWish,
  finding: BatchFinding | null,
): BatchPlan {
  const rows = facts.fixedBatch ?? wish.batch;
  const batched: BatchPlan = {
    rows,
    imagesPerCall: rows,
    batchInvariant: null,
    repeatable: true,
    notice: null,
  };
  if (finding === null) return batched;
  const why = finding.why === null ? '' : ` (${finding.why})`;
  if (finding.behaviour === 'random')
    return {
      ...batched,
      repeatable: false,
      notice: `its scores are other ones in every call${why}: the figure is one of many, and the predictions are neither cached nor resumed. Export the network for inference, not for training`,
    };
  if (rows === 1) return batched;
  switch (finding.behaviour) {
    case 'same-bits':
      return facts.fixedBatch === null ? { ...batched, batchInvariant: true } : batched;
    case 'own-size':
      return { ...batched, batchInvariant: false };
    case 'one-at-a-time':
      return {
        ...batched,
        rows: 1,
        imagesPerCall: 1,
        notice: `its graph fails on batches of ${rows}, so images are run one at a time${why}`,
      };
    case 'other-images': {
      const depends = `an image's scores depend on what else is in its batch${why}`;
      if (wish.explicit && facts.fixedBatch === null)
        return {
          ...batched,
          batchInvariant: false,
          repeatable: false,
          notice: `${depends}. Batches of ${rows} were asked for: the figures hold for this order of images only, and the predictions are neither cached nor resumed. Leave the batch size out to have images run one at a time`,
        };
      return {
        ...batched,
        rows: facts.fixedBatch ?? 1,
        imagesPerCall: 1,
        notice: `${depends}, so images are run one at a time${facts.fixedBatch === null ? '' : `, each filling all ${rows} rows`}`,
      };
    }
  }
}
