/** A process that takes a folder's lock, says so, and holds it until it is killed. Run with tsx by the tests. */
import { FolderLock } from '../../src/store/lock.js';

await FolderLock.take(process.argv[2]!);
process.stdout.write('held\n');
setInterval(() => undefined, 1000);
