import type { Section } from '../document/document.js';
import { gallery } from '../html/gallery.js';
import type { Report } from '../report.js';

/** The images behind the figures. */
export function imagesSection(report: Report): Section {
  return {
    id: 'images',
    heading: null,
    nav: 'Images',
    faces: 'page',
    blocks: [{ kind: 'page', markup: gallery(report) }],
  };
}
