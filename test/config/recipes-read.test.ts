import { describe, expect, it } from 'vitest';
import { recipeDigest } from '../../src/config/recipe-form.js';
import { findRecipe } from '../../src/config/recipes/index.js';
import { parseRecipeFile } from '../../src/config/recipes/recipe-file.js';
import type { Size } from 'reference-pixels/recipe';

const square224: Size = { width: 224, height: 224 };
const read = (content: unknown, input: Size | null = null) =>
  parseRecipeFile(JSON.stringify(content), 'auto', input);

function expectSame(content: unknown, name: string, input: Size | null = null): readonly string[] {
  const { recipe, warnings } = read(content, input);
  expect(recipe).toEqual({ ...findRecipe(name).recipe, name: null });
  expect(recipeDigest(recipe)).toBe(recipeDigest(findRecipe(name).recipe));
  return warnings;
}

const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

describe('a timm config.json', () => {
  const cfg = {
    input_size: [3, 224, 224],
    interpolation: 'bicubic',
    crop_pct: 0.875,
    crop_mode: 'center',
    ...imagenet,
  };

  it('of the hub is timm’s evaluation transform, without a warning', () => {
    expect(expectSame({ architecture: 'resnet50', pretrained_cfg: cfg }, 'timm-bicubic-256-224')).toEqual([]);
  });

  it('of the older flat form reads alike', () => {
    expect(expectSame({ ...cfg, crop_pct: 0.95 }, 'timm-bicubic-235-224')).toEqual([]);
  });

  it('tells what it leaves to timm’s defaults', () => {
    const warnings = expectSame({ pretrained_cfg: { input_size: [3, 224, 224] } }, 'timm-bicubic-256-224');
    expect(warnings.join(' ')).toMatch(/crop_mode.*crop_pct.*interpolation.*mean and std/);
  });

  it('warns of a test size that published figures were made with', () => {
    const { warnings } = read({ ...cfg, test_input_size: [3, 288, 288], test_crop_pct: 1 });
    expect(warnings).toEqual([expect.stringMatching(/test size \(288, crop_pct 1\)/)]);
  });

  it.each([
    [{ ...cfg, crop_mode: 'naflex' }, /crop_mode "naflex" is not followed/],
    [{ ...cfg, interpolation: 'random' }, /"random", which is no filter/],
  ])('that asks for something else is refused', (content, message) => {
    expect(() => read(content)).toThrow(message);
  });
});

describe('a Hugging Face preprocessor_config.json', () => {
  const vit = {
    image_processor_type: 'ViTImageProcessor',
    do_resize: true,
    do_rescale: true,
    do_normalize: true,
    size: { height: 224, width: 224 },
    resample: 2,
    rescale_factor: 1 / 255,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  };

  it('squashes for a ViT, and warns that it does not say which processor ran', () => {
    const { recipe, warnings } = read(vit);
    expect(recipe.resize).toEqual({ kind: 'exact', width: 224, height: 224 });
    expect(recipe.crop).toBeNull();
    expect(recipe.normalize).toEqual([
      { op: 'divide', by: 255 },
      { op: 'subtract', by: [0.5, 0.5, 0.5] },
      { op: 'divide', by: [0.5, 0.5, 0.5] },
    ]);
    expect(warnings).toEqual([expect.stringMatching(/slow processor \(Pillow\) or the fast one/)]);
  });

  it('of a fast processor takes torchvision’s tensors, and folds the factor into mean and std', () => {
    const { recipe } = read({ ...vit, image_processor_type: 'ViTImageProcessorFast' });
    expect(recipe.filter).toBe('torch-bilinear-antialias');
    expect(recipe.normalize).toEqual([
      { op: 'subtract', by: [127.5, 127.5, 127.5] },
      { op: 'divide', by: [127.5, 127.5, 127.5] },
    ]);
  });

  it('with a short side and a crop keeps the aspect ratio and rounds the offset down', () => {
    const { recipe } = read({
      do_resize: true,
      size: { shortest_edge: 256 },
      resample: 3,
      do_center_crop: true,
      crop_size: { height: 224, width: 224 },
      image_mean: imagenet.mean,
      image_std: imagenet.std,
    });
    expect(recipe.resize).toEqual({ kind: 'short-side', size: 256, rounding: 'torchvision' });
    expect(recipe.filter).toBe('pillow-bicubic');
    expect(recipe.crop).toEqual({ width: 224, height: 224, offset: 'floor' });
  });

  it('of ConvNeXt has a margin below 384 and none from there on', () => {
    const convnext = { ...vit, image_processor_type: 'ConvNextImageProcessor', resample: 3, crop_pct: 0.875 };
    const small = read({ ...convnext, size: { shortest_edge: 224 } }).recipe;
    expect(small.resize).toEqual({ kind: 'short-side', size: 256, rounding: 'torchvision' });
    expect(small.crop).toEqual({ width: 224, height: 224, offset: 'floor' });
    const large = read({ ...convnext, size: { shortest_edge: 384 } }).recipe;
    expect(large.resize).toEqual({ kind: 'exact', width: 384, height: 384 });
    expect(large.crop).toBeNull();
  });

  it('with a bare size is read as its processor would, and says so', () => {
    const { recipe, warnings } = read({ ...vit, size: 224 });
    expect(recipe.resize.kind).toBe('exact');
    expect(warnings.join(' ')).toMatch(/bare number/);
  });
});

describe('a YAML of the STM32 model zoo', () => {
  const preprocessing = {
    rescaling: { scale: '1/127.5', offset: -1 },
    resizing: { interpolation: 'bilinear', aspect_ratio: 'fit' },
    color_mode: 'rgb',
  };

  it('of the PyTorch service is timm’s transform, and warns that its resizing is not heeded', () => {
    const warnings = expectSame(
      {
        general: { no_prefetcher: true },
        model: { framework: 'torch', input_shape: [3, 224, 224] },
        preprocessing: { ...preprocessing, ...imagenet },
      },
      'st-pytorch-224',
    );
    expect(warnings).toEqual([expect.stringMatching(/does not heed resizing and rescaling/)]);
  });

  it('of the PyTorch service with its prefetcher normalises bytes', () => {
    expectSame(
      {
        model: { framework: 'torch', input_shape: [3, 224, 224] },
        preprocessing: { ...preprocessing, ...imagenet },
      },
      'st-pytorch-224-prefetcher',
    );
  });

  it('of the TensorFlow service for ImageNet antialiases to 256 and crops', () => {
    const warnings = expectSame(
      {
        model: { framework: 'tf', input_shape: [224, 224, 3] },
        preprocessing: { ...preprocessing, rescaling: { scale: '1/255.0', offset: 0 }, ...imagenet },
      },
      'st-tensorflow-imagenet-224',
    );
    expect(warnings.join(' ')).toMatch(/resizes to 256x256/);
  });

  it('of 2.x and 3.x takes its size from the model, and warns of antialiasing', () => {
    const warnings = expectSame({ preprocessing }, 'st-tensorflow-fit-224', square224);
    expect(warnings).toEqual([expect.stringMatching(/without antialiasing/)]);
    expect(() => read({ preprocessing })).toThrow(/does not state a square input size/);
  });

  it('with aspect_ratio crop does not resize', () => {
    const cropped = { ...preprocessing, resizing: { interpolation: 'nearest', aspect_ratio: 'crop' } };
    expectSame({ preprocessing: cropped }, 'st-tensorflow-crop-224', square224);
  });

  it('that asks for another interpolation is refused', () => {
    const nearest = { ...preprocessing, resizing: { interpolation: 'nearest', aspect_ratio: 'fit' } };
    expect(() => read({ preprocessing: nearest }, square224)).toThrow(/only bilinear/);
  });
});

describe('a file of no known kind', () => {
  it('is refused, naming the kinds', () => {
    expect(() => parseRecipeFile('{"a": 1}', 'auto')).toThrow(/timm config.json, STM32.*, Hugging Face/);
    expect(() => parseRecipeFile('{', 'auto')).toThrow(/neither JSON nor YAML/);
    expect(() => parseRecipeFile('{"input_size": "224"}', 'timm')).toThrow(/input_size/);
  });
});
