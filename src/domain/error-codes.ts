/** What one error code means: the cause as a sentence, and what a user does about it. */
export interface ErrorMeaning {
  readonly cause: string;
  readonly remedy: string;
}

const of = (cause: string, remedy: string): ErrorMeaning => ({ cause, remedy });

/**
 * Every code that an error or a fault of an image can bear, by what is at fault. Programs may rely on them.
 * docs/errors.md is written from this list; a test holds it against the codes in the source.
 */
export const errorCodes: Readonly<Record<string, Readonly<Record<string, ErrorMeaning>>>> = {
  'Config, manifest and command line': {
    'bad-shard': of(
      '--shard is no part of a whole.',
      'Give the number of the part and how many there are: --shard 3/8.',
    ),
    'baseline-missing': of(
      'There is no baseline of that name.',
      'Save one from a finished run: imagenet-eval baseline save NAME --run FOLDER.',
    ),
    'baseline-name': of(
      'The name of a baseline holds other signs than letters, digits, . _ + and -.',
      'Give another name, or a path.',
    ),
    'cache-selection': of(
      '`cache rm` was told none or several of --all, --model and --unused.',
      'Give exactly one.',
    ),
    'code-unknown': of('No error has that code.', '`imagenet-eval errors` lists them.'),
    'config-with-models': of(
      'A config and model files were given together.',
      'Give the config alone, or model files with --images.',
    ),
    'empty-file': of(
      'The config, manifest or recipe file is empty.',
      'Begin with a copy of one in configs/ or data-manifests/.',
    ),
    'file-exists': of('`init` would overwrite a file.', 'Give another name with --out, or --force.'),
    'file-too-large': of(
      'The file is far larger than any config.',
      'Give the path of the YAML file; images and models are named inside it.',
    ),
    'file-unreadable': of(
      "The file can't be read: it is not there, a folder, a pipe or a device, or may not be read.",
      'Check the path; it is taken relative to the folder that you are in.',
    ),
    'images-missing': of('Model files were given without images.', 'Add --images FOLDER, or give a config.'),
    'invalid-config': of(
      'The config holds keys or values that it may not; each is named with its line.',
      'Set them right; docs/config.md explains every key.',
    ),
    'invalid-manifest': of(
      'The manifest holds keys or values that it may not; each is named with its line.',
      'Set them right.',
    ),
    'invalid-recipe-file': of(
      'A file in recipes/ holds keys or values that it may not, or a name that is taken.',
      'Set them right.',
    ),
    'manifest-not-found': of(
      'No shipped manifest has that name, and there is no such file.',
      'Give a shipped name or the path of a YAML file.',
    ),
    'model-unknown': of(
      'No model of the config has that name.',
      'Give one of the names that the message lists.',
    ),
    'no-documented-figure': of(
      '`sweep --target` was asked for a model without a documented figure.',
      'Add `documented:` to the model, or leave --target out.',
    ),
    'no-gates': of('`check` was given a config without gates.', 'Add e.g. `gates: { max_top1_drop: 1 }`.'),
    'no-quick-run': of(
      '`init` found no run without a config.',
      'Measure something first: imagenet-eval run float.onnx int8.onnx --images FOLDER.',
    ),
    'not-text': of(
      'The file is no text in UTF-8.',
      'Give the path of a YAML file; images and models are named inside a config.',
    ),
    'nothing-to-compare': of(
      'The gates compare two models, but no model has a `compare_with` and no baseline is given.',
      'Set `compare_with`, or give --baseline NAME.',
    ),
    'nothing-to-test': of(
      'No gate of the config can be tested sequentially.',
      'Set `max_top1_drop` and a `compare_with`, or check without --sequential.',
    ),
    'recipe-contradiction': of(
      'Two fields of a recipe exclude each other.',
      'Change one of them, as the message says.',
    ),
    'recipe-file': of(
      'The file states no preprocessing that can be followed.',
      'Spell the recipe out instead.',
    ),
    'recipe-incomplete': of(
      'A field of a recipe that moves the figure is missing.',
      'Say it, or start from a recipe with `base:`.',
    ),
    'recipe-unknown': of('No recipe has that name.', 'List them with `imagenet-eval recipes`.'),
    'scores-only': of(
      'The command runs a network, and the model is given by scores that were made elsewhere.',
      'Give the network by `path:` in a config of its own.',
    ),
    'several-configs': of(
      'Several files were given to a run that takes one config.',
      'Run them one after the other.',
    ),
    'yaml-syntax': of(
      'The file is no valid YAML, or its aliases repeat it beyond measure.',
      'Indent with spaces, and quote values that hold ": " or begin with a special sign.',
    ),
    'tensors-folder': of('`tensors --out` names a folder that holds other things.', 'Give a new folder.'),
  },
  'Data set and labels': {
    'archive-changed': of(
      'The archive became shorter while it was read.',
      'Start again when nothing writes to it.',
    ),
    'archive-cut-short': of(
      'The archive ends in the middle of a file.',
      'Get it again; `imagenet-eval verify` holds it against its checksum.',
    ),
    'bad-header': of(
      'A header inside the archive is damaged; nothing after it is read.',
      'Get the archive again.',
    ),
    'compressed-archive': of(
      'The archive is compressed, and images are read at random places.',
      'Uncompress it to a .tar, or unpack it and give the folder.',
    ),
    'contradictory-labels': of('An image is given two classes.', 'Leave one label an image.'),
    'dangling-link': of('A link in the folder leads nowhere.', 'Put it right or take it out.'),
    'data-after-end': of(
      'There is data behind the end mark of the archive.',
      'Get the archive again, or pack it anew.',
    ),
    'devkit-ids': of(
      "The labels are the devkit's own ids, not classes in WNID order.",
      'Use `labels: ilsvrc2012-val`, the same ground truth in WNID order.',
    ),
    'duplicate-name': of('Two images have one name, so one label is claimed twice.', 'Take one of them out.'),
    'fewer-images-than-manifest': of(
      'There are fewer images than the manifest of the labels states.',
      'Complete the set, or say `subset: true`.',
    ),
    'folder-cycle': of('A link leads back to one of its own parent folders.', 'Take it out.'),
    'image-ambiguous': of('Several images have that name.', 'Give its name within the data set.'),
    'image-list-not-found': of(
      "The list of images to take or to leave out can't be read.",
      'Check `dataset.only` and `dataset.exclude`.',
    ),
    'image-list-unknown': of(
      'The list of images names none of the data set.',
      'Expected an image id, a file name or an image number a line.',
    ),
    'image-unknown': of(
      'No image of the data set has that name.',
      'Give its name within the data set, as images.csv of a report lists it.',
    ),
    'images-not-found': of("The images can't be opened.", 'Give the path of a tar archive or of a folder.'),
    'invalid-compact-labels': of('The shipped label file is damaged.', 'Install the package again.'),
    'invalid-csv': of('The label file is no valid CSV.', 'Get it again, or give another label file.'),
    'invalid-label-line': of(
      'A line of the label file is no name and class.',
      'Expected a name and a class index or WNID a line.',
    ),
    'invalid-limit': of('The number of images to take is no whole number from 1.', 'Give such a number.'),
    'invalid-real-labels': of(
      'The file is no list of ReaL labels.',
      'Give real.json of google-research/reassessed-imagenet.',
    ),
    'invalid-synsets': of(
      'A line of the class list begins with no WNID, or repeats one.',
      'Expected one class a line in index order, e.g. `n01440764 tench`.',
    ),
    'label-out-of-range': of(
      'A label is no index of a class.',
      'Check whether the file counts classes from 1.',
    ),
    'only-prepared': of(
      'The data set is a folder of prepared images, which does not hold the encoded file.',
      'Name the archive or folder of the images themselves as `dataset.images`.',
    ),
    'labels-disagree': of(
      "The labels of ILSVRC 2012's validation images differ from the shipped ones.",
      'Use `labels: ilsvrc2012-val`.',
    ),
    'labels-not-found': of("The label file can't be read.", 'Check `dataset.labels`.'),
    'labels-unknown': of(
      'A run without a config found no labels for its images.',
      'Say where they are with --labels.',
    ),
    'link-entry': of('The archive holds a link instead of a file.', 'Pack the files themselves.'),
    'list-length': of(
      'A list without names has another length than the data set.',
      'Give the list of the whole set, or one with names.',
    ),
    'missing-label': of('An image has no label.', 'Label it, take it out, or check `dataset.labels`.'),
    'mixed-class-folders': of(
      'Some class folders are WNIDs and some numbers.',
      'Give a folder of one kind, or a label file.',
    ),
    'more-images-than-manifest': of(
      'There are more images than the manifest of the labels states.',
      '`imagenet-eval verify CONFIG` names them.',
    ),
    'nameless-entry': of('An entry of the archive has no name.', 'Pack the archive anew.'),
    'no-class-folders': of(
      '`labels: folders` was said, but the images lie in no class folders.',
      'Use `filenames`, `ilsvrc2012-val` or a label file.',
    ),
    'no-images': of('No images were found.', 'Images end in .JPEG, .jpg, .png or the like.'),
    'no-wnid-names': of(
      '`labels: filenames` was said, but the names begin with no WNID.',
      'Use `folders`, `ilsvrc2012-val` or a label file.',
    ),
    'not-a-tar': of('The file is no tar archive.', 'Give the path of an uncompressed .tar or of a folder.'),
    'nothing-labelled': of('None of the images has a label.', 'Check `dataset.labels`.'),
    'oversized-entry': of('An image is larger than any image may be.', 'Take it out.'),
    'synsets-not-found': of("The class list can't be read.", 'Check `dataset.synsets`.'),
    'too-many-entries': of('The archive or folder holds more images than are read.', 'Give a smaller set.'),
    'uneven-classes': of(
      'Classes have other numbers of images than the manifest states.',
      'The labels are not those of this set.',
    ),
    'unknown-label-format': of(
      'The label file has none of the known forms.',
      'Expected val.txt, LOC_val_solution.csv, or WNIDs in the order of the image numbers.',
    ),
    'unknown-wnid': of('A WNID is none of the classes.', 'Check `dataset.synsets`.'),
    'unnumbered-images': of(
      'A list without names is given, but the images carry no numbers.',
      'Give a file with an image name and a class a line.',
    ),
    'unreadable-archive': of("The archive can't be read.", 'Check the disk and the path.'),
    'unreadable-folder': of("A folder can't be listed.", 'Check its permissions.'),
    'unsafe-name': of(
      'The name of an entry leads out of the archive or holds control characters.',
      'Pack the archive anew.',
    ),
    'unsupported-entry': of('An entry is no ordinary file.', 'Take it out.'),
  },
  Images: {
    'decode-timeout': of(
      'Decoding took longer than engine.decode_timeout_seconds.',
      'Look at the file, or set a longer time.',
    ),
    'filter-needs-bytes': of(
      "The recipe's range is unit, but its filter works on bytes.",
      'Set `range: bytes`, or take a TensorFlow filter.',
    ),
    'image-changed': of(
      'An image has another size than when the folder was listed.',
      'Start again when nothing writes to the folder.',
    ),
    'image-channels': of(
      'An image has a number of channels that its reference decoder does not read.',
      'Convert it, or leave it out.',
    ),
    'image-corrupt': of('An image is damaged.', 'Get it again from its source.'),
    'image-empty': of('The file of an image is empty.', 'Get it again from its source.'),
    'image-format': of('A file is neither JPEG nor PNG.', 'Convert it, or leave it out.'),
    'image-too-large': of(
      'An image promises more pixels than are decoded.',
      'Leave it out: it may be a decompression bomb.',
    ),
    'image-too-narrow': of("An image has no pixels left after the recipe's resize.", 'Leave it out.'),
    'image-truncated': of('The file of an image is cut off.', 'Get it again from its source.'),
    'image-unreadable': of("An image's file can't be read.", 'Check the disk and its permissions.'),
    'image-unsupported': of(
      'An image is of a kind that its reference decoder does not read.',
      'Convert it, leave it out, or set `decode: pillow`.',
    ),
    'prepared-damaged': of(
      "An image's prepared pixels are damaged.",
      'Prepare the images again with `imagenet-eval prepare CONFIG --out DIR`.',
    ),
    'tensor-shape': of(
      "The recipe makes another shape than the model's input.",
      'Choose a recipe whose crop is the size of the input.',
    ),
    'value-not-representable': of(
      "A value of the recipe does not fit into the model's whole-number input.",
      'Use a recipe that feeds bytes, e.g. bicubic-256-224-raw.',
    ),
    'worker-died': of(
      'A worker died twice on this image.',
      'Run the model on it alone; leave it out if it dies again.',
    ),
  },
  Models: {
    'adapter-died': of(
      'The adapter process ended.',
      'Its last lines are in the message; run it by hand (docs/adapters.md).',
    ),
    'adapter-no-model': of(
      "The adapter's command names no model file that exists.",
      'Name the model file as an argument.',
    ),
    'adapter-not-started': of("The adapter can't be started.", 'Check its command.'),
    'adapter-stalled': of('The adapter did not answer in time.', 'Run it by hand on one image.'),
    'download-failed': of(
      'The download failed again and again.',
      'Try later, or download the file by hand and give its path.',
    ),
    'download-refused': of('The server refuses the file.', 'Download it by hand and give its path.'),
    'external-data': of('The weights lie in other files than the ONNX file.', 'Save the model as one file.'),
    'graph-load-failed': of("onnxruntime can't load the edited network.", 'Please report it with the model.'),
    'inference-failed': of(
      'The network fails when it is run.',
      'Run it on one image by hand, or by another runtime.',
    ),
    'input-dtype': of(
      'The input is neither float32, uint8 nor int8.',
      'Export the model with such an input.',
    ),
    'input-quantization': of(
      'The recipe gives floats, and the whole-number input has no scale.',
      'Use a recipe that feeds bytes, e.g. bicubic-256-224-raw.',
    ),
    'length-mismatch': of(
      'The server sends another number of bytes than the manifest states.',
      'Download the file by hand and give its path.',
    ),
    'lfs-pointer': of(
      'The file is a Git LFS pointer, not the model.',
      'Run `git lfs pull`, or `imagenet-eval fetch MANIFEST`.',
    ),
    'litert-tensor': of(
      "LiteRT can't hold the network's input or output.",
      'Run it by the LiteRT adapter (docs/adapters.md).',
    ),
    'model-altered': of(
      'The model is another file than its manifest states.',
      'Fetch it again, or give it by `path:`.',
    ),
    'model-inputs': of(
      'The model takes more than one input.',
      'Export the classifier with the image as its only input.',
    ),
    'model-load-failed': of(
      "The runtime can't load the model.",
      'Check that the file is whole and that the runtime knows its opset.',
    ),
    'model-not-found': of(
      'The model file is not there.',
      'Get it with `imagenet-eval fetch`, or give its place as `path:`.',
    ),
    'model-outputs': of(
      'It is not plain which output holds the class scores.',
      "Name it as the model's `output:`.",
    ),
    'model-shape': of(
      'The recipe makes another size than the model takes.',
      'Choose a recipe whose crop is the size that the model was trained for.',
    ),
    'model-unreadable': of("The model file can't be read.", 'Check the path.'),
    'network-silent': of(
      'Every score of the network is 0.',
      'Run it by the LiteRT adapter (docs/adapters.md).',
    ),
    'no-download': of(
      'The manifest names no place to download the file from.',
      'Get it from its source and give its place as `path:`.',
    ),
    'no-model-file': of(
      'The model has neither a file nor a command that runs one.',
      'Give it a `path:`, a `manifest:` or a `runtime:`.',
    ),
    'no-recipe': of(
      'Neither the config nor the manifest names a recipe.',
      'Add `recipe:`; `imagenet-eval recipes` lists them.',
    ),
    'not-onnx': of('The file is no ONNX model.', 'Give the .onnx file itself.'),
    'not-tflite': of('The file is no TFLite model.', 'Give the .tflite file itself.'),
    'output-classes': of(
      'The model has another number of outputs than the data set has classes.',
      'Check the data set, `synsets` and `class_offset`.',
    ),
    'output-differs': of(
      'The graph gives another output shape than its file declares.',
      'Export the model again with the shapes that it has.',
    ),
    'output-dtype': of(
      'The scores are of a type that is not read as numbers.',
      'Add a Cast to float32 at the end of the graph.',
    ),
    'output-shape': of(
      'The output is not one row of class scores an image.',
      'The scores must have the shape [N, classes].',
    ),
    'redirect-refused': of(
      'The server redirects to a place that is not followed.',
      'Download the file by hand and give its path.',
    ),
    'batch-differs': of(
      'The batch of a quantized network and of its float one are fixed at two sizes.',
      'Export both with a free batch, or with the same.',
    ),
    'model-not-named': of(
      'What is asked for is made for one model, and the config has several that it could be.',
      'Name one: --model NAME.',
    ),
    'no-float-model': of(
      'A diagnosis compares a quantized network with the float one, and none is named.',
      'Set compare_with of the model to its float model.',
    ),
    'no-quantizers': of(
      'The model has no quantizers: there is nothing to diagnose.',
      'Diagnose the quantized model; sweep tells whether the recipe is the cause.',
    ),
    'qoperator-model': of(
      'The quantizers are inside the operators of the model, where they can not be taken out one by one.',
      'Quantize it in the QDQ form.',
    ),
    'reference-quantized': of(
      'The model that a diagnosis compares with is quantized itself.',
      'Set compare_with to the float model.',
    ),
    'write-and-restore': of('One of --write and --restore is given alone.', 'Give both.'),
    'provider-missing': of(
      'The installed onnxruntime has no such execution provider, or finds no device for it.',
      'The message says how to get it; `provider: cpu` runs everywhere.',
    ),
    'provider-not-for-runtime': of(
      'An execution provider is named for a model that onnxruntime does not run.',
      'Leave `provider` out for TFLite files and adapters.',
    ),
    'runtime-missing': of(
      'The package that runs this kind of network is not installed.',
      'Install it, or run the network by an adapter (docs/adapters.md).',
    ),
    'trial-failed': of(
      'The file leaves shapes open, and a trial run failed.',
      'Export the model with the sizes of its input, and only the batch free.',
    ),
    'scores-images': of(
      'Scores made elsewhere lack images of the data set, name one twice, or name what is none of it; the first are named.',
      'Give one row of scores for every image, by the ids of index.csv.',
    ),
    'scores-index': of(
      "The list of images that gives the rows of a .npy their names can't be read, or has another length.",
      'Put the index.csv of `imagenet-eval tensors` beside the .npy, or name it: scores: { file, index }.',
    ),
    'scores-nan': of(
      'A score made elsewhere is NaN, or none at all.',
      'Look at what the network gave for this image.',
    ),
    'scores-other-image': of(
      'Scores were made from an image whose bytes are not those of the data set.',
      'Write the tensors again from these images, and make the scores of those.',
    ),
    'scores-unreadable': of(
      'The file holds no scores: it is no .npy or CSV of them, or has another shape or dtype.',
      'Give a .npy of shape (images, classes), or a CSV: id, then the scores of all classes.',
    ),
    'sha256-mismatch': of(
      'What the server sends is another file than the manifest states.',
      'Download the file by hand and give its path.',
    ),
    'too-many-redirects': of(
      'The server redirects again and again.',
      'Download the file by hand and give its path.',
    ),
  },
  Runs: {
    'images-lost': of(
      'Images have no result: a bug in imagenet-eval.',
      'Please report it with the command and the config.',
    ),
    'near-chance': of(
      'Accuracy over the first images is near chance, so the set-up is wrong; the message says what is likely.',
      'Mend it and start over with --fresh, or measure on with --no-guard.',
    ),
    'not-mergeable': of(
      "An image's scores depend on what else is in its batch or on chance, so shards don't make one figure.",
      'Leave the batch size out; export the network for inference.',
    ),
    'not-started': of('A sequential check could not start.', 'Check without --sequential.'),
    'not-prepared': of(
      'The data set is a folder of prepared images, which holds none for this recipe.',
      'Prepare them for it, or name the images themselves.',
    ),
    'nothing-measured': of(
      'Not one image could be measured.',
      'Look at the first of them with `imagenet-eval explain CONFIG IMAGE`.',
    ),
    'nothing-to-tune': of(
      'Too few images can be read to measure a speed.',
      'Give a config with some tens of good images.',
    ),
    'prepare-stopped': of(
      'Not all images could be prepared.',
      'Give the command again: it goes on from there.',
    ),
    'tensors-not-written': of(
      'The disk is full, or the folder may not be written.',
      'Free some space; the command begins anew.',
    ),
    'tune-stopped': of('Tuning was stopped.', 'Give the command again.'),
    'worker-failed': of('A worker could not start.', 'The message says why; --debug shows where.'),
    'workers-died': of(
      'Every worker died again and again.',
      'Run again with --workers 1; look at the image and the model that it dies at.',
    ),
  },
  'Stored runs, caches and baselines': {
    'ambiguous-model': of(
      'The digits fit several model files of the cache.',
      'Give more digits of the SHA-256.',
    ),
    'baseline-other-images': of(
      "The baseline and this run don't have the same images.",
      'Compare on those of the baseline, or save a new one.',
    ),
    'baseline-unusable': of('The baseline is damaged or of another version.', 'Save it again from a run.'),
    'cache-unusable': of("The cache folder can't be used.", 'Set IMAGENET_EVAL_CACHE to another folder.'),
    'disk-full': of(
      'The disk is full.',
      'Free some space and give the same command again: it goes on from here.',
    ),
    'folder-in-use': of(
      'Another process is writing into the folder.',
      'Wait until it has ended, or give another --out; remove the lock of a host that is gone.',
    ),
    'foreign-files': of(
      'Files that a command would replace lie in a folder where nothing shows that this program has written them.',
      'Give another --out, or move the files elsewhere.',
    ),
    'journal-damaged': of(
      'The journal is damaged before its end.',
      'Start over with --fresh, or give another --out.',
    ),
    'journal-format': of(
      'The journal is damaged or of another version.',
      'Start over with --fresh, or give another --out.',
    ),
    'merge-into-shard': of('`merge --out` names one of the shards.', 'Give another folder as --out.'),
    'no-journal': of('The folder holds no run.', 'Give the --out folder of a run.'),
    'no-run': of('The folder holds no run.', 'Give the --out folder of a run.'),
    'not-a-baseline': of('The file that a baseline would replace is none.', 'Give a name, or another path.'),
    'not-readable': of("A file of the run can't be read.", 'Give another --out.'),
    'not-writable': of("A file can't be written.", 'Give an --out folder that you may write to.'),
    'prepared-not-writable': of(
      "Prepared images can't be kept in the folder.",
      'Name an empty or new folder that you may write to.',
    ),
    'report-contradiction': of(
      'Files of a report contradict each other.',
      'Restore the file that was changed, or run again.',
    ),
    'report-damaged': of('A file of a report is damaged.', 'Restore it, or run again.'),
    'report-old-format': of(
      'The report is of an older version of this program.',
      'Run again, or render it with the version that wrote it.',
    ),
    'report-unreadable': of("A report can't be read.", 'Give the folder that `imagenet-eval run` wrote.'),
    'settings-changed': of(
      'The unfinished run in the folder was begun with other settings.',
      'Give another --out, or start over with --fresh.',
    ),
    'shards-do-not-fit': of("The folders don't make one run.", 'Give every shard of one run once.'),
  },
};
