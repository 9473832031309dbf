/** What a user is told of a fault: what was wrong, where, and what to do. */
export interface Fault {
  /** Stable, kebab-case; programs may rely on it. */
  readonly code: string;
  readonly what: string;
  /** A config path and line, a file, an image, a model; null where there is no place to point at. */
  readonly where: string | null;
  /** What the user can do about it. */
  readonly remedy: string | null;
  readonly cause?: unknown;
}

function paragraph(fault: Fault): string {
  const place = fault.where === null ? '' : `${fault.where}: `;
  const advice = fault.remedy === null ? '' : `\n  ${fault.remedy}`;
  return `${place}${fault.what}${advice}`;
}

/** Base of every error that is told to a user in one paragraph, without a stack. */
export abstract class FaultError extends Error implements Fault {
  readonly code: string;
  readonly what: string;
  readonly where: string | null;
  readonly remedy: string | null;

  constructor(fault: Fault) {
    super(paragraph(fault), fault.cause === undefined ? undefined : { cause: fault.cause });
    this.name = new.target.name;
    this.code = fault.code;
    this.what = fault.what;
    this.where = fault.where;
    this.remedy = fault.remedy;
  }
}

/**
 * One image can't be read or decoded as the reference decoder would, or doesn't fit its recipe or tensor.
 * Within this package `where` is null: the caller knows the image's name.
 */
export class ImageError extends FaultError {}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
