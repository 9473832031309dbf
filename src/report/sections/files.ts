import type { Section, Text } from '../document/document.js';

/** What each file beside the page holds. */
const known: readonly (readonly [RegExp, string])[] = [
  [/^summary\.json$/, 'everything that is counted here'],
  [/^summary\.csv$/, 'a row a model'],
  [/^predictions\//, "a model's five best classes and scores, a row an image"],
  [/^classes\.csv$/, 'a row a class'],
  [/^flips\.csv$/, 'the images to which compared models give different classes'],
  [/^images\.csv$/, 'names, labels and SHA-256 of the images'],
  [/^gallery\.json$/, "this page's pictures"],
  [/^report\.md$/, 'this report as Markdown'],
  [/^junit\.xml$/, 'verdicts as test cases'],
  [/^results-timm\.csv$/, "timm's columns"],
  [/^model-card\.md$/, "a model zoo card's table"],
  [/^model-index\//, "Hugging Face's model-index, a file a model"],
  [/^check\.json$/, 'the gates and what they rest on'],
  [/^check\.md$/, 'the same as Markdown'],
  [/^journal\.jsonl$/, 'every prediction as it came: what an interrupted run goes on from'],
  [/^sequential-looks\.jsonl$/, 'every early stop of these candidates: what each look adds to the error'],
];

/** Links to the files beside the page. */
export function filesSection(files: readonly string[]): Section {
  const items = files.map((path): Text => {
    const about = known.find(([pattern]) => pattern.test(path))?.[1];
    return [{ text: path, file: path }, about === undefined ? '' : `: ${about}`];
  });
  return {
    id: 'files',
    heading: 'Files',
    nav: 'Files',
    faces: 'page',
    blocks: [{ kind: 'list', label: 'Files beside this page', items }],
  };
}
