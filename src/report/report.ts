import type { ImageId } from '../domain/domain.js';
import type { Section } from './document/document.js';
import type { RunRecord } from '../record/run-record.js';
import type { Summary } from './summary-schema.js';

/** One finished run, ready to be written in any format. `summary` is `summarize(record)`. */
export interface Report {
  readonly record: RunRecord;
  readonly summary: Summary;
  /** JPEG files of the exact crop a model saw, for images that `galleryChoice` names; may be empty. */
  readonly thumbnails: ReadonlyMap<ImageId, Uint8Array>;
  /** Sections that a job adds to the run's own, before its provenance. */
  readonly more?: readonly Section[];
}

/** A file of the report folder; the path is relative with forward slashes. */
export interface ReportFile {
  readonly path: string;
  /** Text in pieces, so that a file of many images is never one string; or bytes. */
  readonly content: Iterable<string> | Uint8Array;
}

/**
 * Turns a finished result into the files of one format; no files where the result has nothing to say in it.
 * @param beside paths of the other files of the folder
 */
export type ReportWriter = (
  report: Report,
  beside?: readonly string[],
) => readonly ReportFile[] | Promise<readonly ReportFile[]>;
