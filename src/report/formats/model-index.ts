import { stringify } from 'yaml';
import type { ReportFile, ReportWriter } from '../report.js';

/**
 * `model-index.yaml`: the block that a Hugging Face model card carries in its front matter. Values are shares in
 * [0, 1], as the accuracy metric of the Hub has them.
 */
export const modelIndex: ReportWriter = ({ summary }): ReportFile[] => {
  const { dataset } = summary;
  const whole = dataset.manifest === 'ilsvrc2012-val';
  const index = summary.models.map((model) => ({
    name: model.name,
    results: [
      {
        task: { type: 'image-classification', name: 'Image Classification' },
        dataset: {
          name: whole ? 'ImageNet-1k' : dataset.description,
          type: whole ? 'imagenet-1k' : 'imagefolder',
          split: 'validation',
          args: { images: dataset.images, digest: dataset.digest, subset: dataset.subset },
        },
        metrics: [
          { type: 'accuracy', name: 'Top 1 Accuracy', value: share(model.top1.correct, model.images) },
          { type: 'accuracy', name: 'Top 5 Accuracy', value: share(model.top5.correct, model.images) },
        ],
      },
    ],
  }));
  return [{ path: 'model-index.yaml', content: [stringify({ 'model-index': index })] }];
};

function share(correct: number, images: number): number | null {
  return images === 0 ? null : correct / images;
}
