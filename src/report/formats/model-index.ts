import { stringify } from 'yaml';
import { count } from '../figures.js';
import type { ReportFile, ReportWriter } from '../report.js';
import type { Summary } from '../summary-schema.js';

/**
 * `model-index/<model>.yaml`: the block that a Hugging Face model card carries in its front matter, a file a model,
 * since a card speaks of one. Values are shares in [0, 1], as the accuracy metric of the Hub has them.
 */
export const modelIndex: ReportWriter = ({ summary }): ReportFile[] => {
  const { dataset } = summary;
  return summary.models.map(({ name, slug, images, top1, top5 }) => {
    const results = [
      {
        task: { type: 'image-classification', name: 'Image Classification' },
        dataset: datasetOf(dataset),
        metrics: [
          { type: 'accuracy', name: 'Top 1 Accuracy', value: share(top1.correct, images) },
          { type: 'accuracy', name: 'Top 5 Accuracy', value: share(top5.correct, images) },
        ],
      },
    ];
    return {
      path: `model-index/${slug}.yaml`,
      content: [stringify({ 'model-index': [{ name, results }] })],
    };
  });
};

/** The Hub's name only for the set that it names; a split only where it is known; a part says that it is one. */
function datasetOf({ manifest, description, images, manifestImages, digest, subset }: Summary['dataset']) {
  const imagenet = manifest === 'ilsvrc2012-val';
  const name = imagenet ? 'ImageNet-1k' : (manifest ?? description);
  const part = `${count(images)}${manifestImages === null ? '' : ` of ${count(manifestImages)}`} images`;
  return {
    name: subset === null ? name : `${name}, ${part}`,
    type: imagenet ? 'imagenet-1k' : 'imagefolder',
    ...(imagenet ? { split: 'validation' } : {}),
    args: { images, digest, subset },
  };
}

function share(correct: number, images: number): number | null {
  return images === 0 ? null : correct / images;
}
