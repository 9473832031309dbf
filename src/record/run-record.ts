import type { ClassIndex, HashedImage, Predictions } from '../domain/domain.js';
import type { ModelProvenance, Provenance } from './provenance.js';

/** A measured model with its predictions. */
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
  readonly samples: readonly HashedImage[];
  /**
   * ReaL labels: the classes accepted for each image, aligned with `samples`; an empty list takes the image out of
   * ReaL accuracy. Null where the run was given no such file.
   */
  readonly realLabels: readonly (readonly ClassIndex[])[] | null;
}
