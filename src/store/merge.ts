import { StoreError } from '../domain/errors.js';
import { Journal } from './journal.js';
import { headerChanges, listDigest, type JournalHeader } from './journal-header.js';
import { readStoredRun, type StoredRun } from './stored-run.js';

interface ShardFolder {
  readonly folder: string;
  readonly run: StoredRun;
}

/**
 * Joins the shards of one run, in any order, into what a run without shards would have stored.
 *
 * @throws StoreError naming everything that keeps them apart: other settings, models, runtime or data; a shard that is
 *   missing, given twice or did not end
 */
export async function mergeShards(folders: readonly string[]): Promise<StoredRun> {
  const shards: ShardFolder[] = [];
  for (const folder of folders) shards.push({ folder, run: await readStoredRun(folder) });
  const [first] = shards;
  if (first === undefined) refuse(['no folder was given']);
  const faults = [...unlikeTheFirst(first, shards), ...missingOrTwice(shards)];
  if (faults.length > 0) refuse(faults);

  const header: JournalHeader = { ...first.run.header, shard: null };
  const images = shards.flatMap(({ run }) => run.images).sort((a, b) => a.image.index - b.image.index);
  const bad = shards.flatMap(({ run }) => run.bad).sort((a, b) => a.index - b.index);
  refuseOtherList(header, { images, bad });
  return { header, images, bad, missing: 0, unpredicted: [] };
}

/**
 * Writes a merged run as the journal of a run without shards, by which such a run finds every image done.
 *
 * @param folder made if it is missing. A merge of the same shards in it is replaced, a finished run set aside.
 * @throws StoreError if a run is writing into the folder, another run in it has not ended, or it can't be written
 */
export async function writeMergedJournal(folder: string, { header, images, bad }: StoredRun): Promise<void> {
  let there = 0;
  let journal = await Journal.open({ folder, header, fresh: false, onEntry: () => there++ });
  if (there > 0) {
    await journal.close();
    journal = await Journal.open({ folder, header, fresh: true });
  }
  try {
    for (const { image, predictions } of images)
      journal.append({
        kind: 'predictions',
        image,
        predictions: predictions.map((prediction, model) => ({ model, prediction })),
      });
    for (const image of bad) journal.append({ kind: 'bad', image });
  } finally {
    await journal.close();
  }
}

function unlikeTheFirst(first: ShardFolder, shards: readonly ShardFolder[]): string[] {
  const whole = ({ run }: ShardFolder): JournalHeader => ({ ...run.header, shard: null });
  return shards.flatMap((shard) =>
    headerChanges(whole(first), whole(shard)).map(
      (change) => `${first.folder} and ${shard.folder} differ in ${change}`,
    ),
  );
}

function missingOrTwice(shards: readonly ShardFolder[]): string[] {
  const faults: string[] = [];
  const of = shards.find(({ run }) => run.header.shard !== null)?.run.header.shard?.of ?? 0;
  const folderOf = new Map<number, string>();
  for (const { folder, run } of shards) {
    const { shard } = run.header;
    if (shard === null) {
      faults.push(`${folder} is no shard: it was run without --shard`);
      continue;
    }
    const name = `${shard.index}/${shard.of}`;
    const before = folderOf.get(shard.index);
    if (shard.of !== of) faults.push(`${folder} is shard ${name}, and others are parts of ${of}`);
    else if (before !== undefined) faults.push(`shard ${name} is given twice: ${before} and ${folder}`);
    else folderOf.set(shard.index, folder);
    if (run.unpredicted.length > 0)
      faults.push(
        `${folder} (shard ${name}) has no prediction of ${run.unpredicted.map((model) => `"${model}"`).join(' and ')}: it could not be run there, or its scores depend on the batch and are not kept. See that shard's report; take the model out of the config, or run it without --shard`,
      );
    else if (run.missing > 0)
      faults.push(
        `${folder} (shard ${name}) lacks ${run.missing} of ${shard.images} images: give its command again to finish it`,
      );
  }
  const absent = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !folderOf.has(index));
  if (absent.length > 0) faults.push(`missing: shard ${absent.map((index) => `${index}/${of}`).join(', ')}`);
  return faults;
}

/** The shards' images must be the very list that each of them says it is a part of. */
function refuseOtherList(header: JournalHeader, { images, bad }: Pick<StoredRun, 'images' | 'bad'>): void {
  const all = [...images.map(({ image }) => image), ...bad].sort((a, b) => a.index - b.index);
  const inPlace = all.every(({ index }, place) => index === place);
  if (inPlace && all.length === header.list.images && listDigest(all) === header.list.digest) return;
  refuse([
    `their ${all.length} images are not the list of ${header.list.images} that they say they are parts of`,
  ]);
}

function refuse(faults: readonly string[]): never {
  throw new StoreError({
    code: 'shards-do-not-fit',
    what: `the folders don't make one run:\n${faults.map((fault) => `    ${fault}`).join('\n')}`,
    where: null,
    remedy: 'Give every shard of one run once.',
  });
}
