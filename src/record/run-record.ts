import type { ClassIndex, LabelledImage, Predictions, Sha256 } from '../domain/domain.js';
import type { ModelProvenance, Provenance } from './provenance.js';

/** An image that the figures rest on. */
export interface SampleRecord extends LabelledImage {
  readonly sha256: Sha256;
}

export interface ModelRecord extends ModelProvenance {
  /** Points (of 100) that the measured Top-1 may lie below the documented one. */
  readonly tolerance: number;
  /** Aligned with `RunRecord.samples`. */
  readonly predictions: Predictions;
}

/** What a finished run hands to the reports. Everything a report prints comes from here. */
export interface RunRecord extends Provenance {
  readonly models: readonly ModelRecord[];
  /** In the canonical order of the data set (by id); bad images are not among them. */
  readonly samples: readonly SampleRecord[];
  /**
   * ReaL labels: the classes accepted for each image, aligned with `samples`; an empty list takes the image out of
   * ReaL accuracy. Null where the run was given no such file.
   */
  readonly realLabels: readonly (readonly ClassIndex[])[] | null;
}
