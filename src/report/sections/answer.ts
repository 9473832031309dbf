import type { BadImage } from '../../record/provenance.js';
import type { Answer } from '../answer.js';
import type { Block, NoticeBlock, Section } from '../document/document.js';
import { badImageTable } from './bad-images.js';

/**
 * How every report of a run or a check begins: the answer, what to know before trusting it, and the images that could not
 * be used.
 *
 * @param figures that the answer was made from, straight below it
 */
export function answerSection(
  { tone, said, more }: Answer,
  figures: readonly Block[],
  notices: readonly NoticeBlock[],
  badImages: readonly BadImage[],
): Section {
  return {
    id: 'answer',
    heading: null,
    faces: 'everywhere',
    blocks: [{ kind: 'answer', tone, said, more }, ...figures, ...notices, ...badImageTable(badImages)],
  };
}
