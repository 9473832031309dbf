import { join } from 'node:path';

import { writeAtomically } from './atomic-file.js';
import { diagnosisSchema, type Diagnosis } from './diagnosis-schema.js';
import { renderPage } from './document/html.js';
import { renderMarkdown } from './document/markdown.js';
import type { ReportDocument } from './document/document.js';
import { diagnosisDocument } from './documents/diagnosis.js';

/** What a diagnosis writes into its folder. */
export const diagnosisFiles = ['diagnosis.json', 'diagnosis.md', 'diagnosis.html'] as const;

/** Writes a diagnosis's files into `folder`. @returns their names, and the document that they show */
export async function writeDiagnosis(
  diagnosis: Diagnosis,
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly document: ReportDocument }> {
  const document = diagnosisDocument(diagnosis);
  const files: Record<(typeof diagnosisFiles)[number], string> = {
    'diagnosis.json': `${JSON.stringify(diagnosisSchema.parse(diagnosis), null, 1)}\n`,
    'diagnosis.md': renderMarkdown(document),
    'diagnosis.html': await renderPage(document),
  };
  for (const [name, content] of Object.entries(files)) await writeAtomically(join(folder, name), [content]);
  return { files: Object.keys(files), document };
}
