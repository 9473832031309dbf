import { END_OF_IMAGE, isPassed, isRestart, isSoundTable, isTable, START_OF_SCAN } from './jpeg-markers.js';
import type { JpegOutline } from './jpeg-outline.js';
import { corrupt } from './refusals.js';

/** A marker's code and the offset behind it. */
interface Marker {
  readonly code: number;
  readonly end: number;
}

/** The first marker from `at` on, as libjpeg's `next_marker` finds it; null where the bytes end before one. */
function nextMarker(bytes: Buffer, at: number, end: number): Marker | null {
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0) return null;
    while (bytes[at] === 0xff) at += 1;
    if (at >= end) return null;
    const code = bytes[at]!;
    at += 1;
    if (code !== 0) return { code, end: at };
  }
}

/** The marker at which libjpeg stands after the scan: it goes from restart to restart and resynchronises as jdmarker.c does. */
function markerAfterScan(bytes: Buffer, outline: JpegOutline): Marker | null {
  const { restartInterval, units } = outline;
  const restarts = restartInterval === 0 ? 0 : Math.ceil(units / restartInterval) - 1;
  let marker = nextMarker(bytes, outline.scanStart, bytes.length);
  for (let restart = 0; restart < restarts; restart++) {
    for (let found = false; !found;) {
      if (marker === null) return null;
      // By how much a restart marker is ahead of the wanted one; null for any other marker.
      const ahead = isRestart(marker.code) ? (marker.code - 0xd0 - restart) & 7 : null;
      // Of one that comes soon, and of one that is no restart, libjpeg waits: the stretch has no data.
      if (ahead === 1 || ahead === 2) break;
      if (ahead === null && marker.code >= 0xc0) return marker;
      // A late or meaningless one is passed over; the wanted one, or one too far away, ends the stretch.
      found = ahead !== null && ahead < 6;
      marker = nextMarker(bytes, marker.end, bytes.length);
    }
  }
  return marker;
}

const brokenTable = () =>
  corrupt('the JPEG has a broken table where it should end: part of it is no picture');

function nameOf(marker: number): string {
  if (marker === START_OF_SCAN) return 'a second scan';
  if (marker === 0xd8) return 'a second image';
  return marker >= 0xc0 && marker <= 0xcf ? 'a second frame' : 'an unknown marker';
}

/** Bytes that Pillow hands to libjpeg at a time. */
const BLOCK = 65_536;

/**
 * libjpeg's arithmetic decoder can't wait for the next block: Pillow refuses files whose scans reach over the end of one,
 * which is nearly all of more than 64 KiB.
 */
function assertFitsBlocks(bytes: Buffer, scanStart: number): void {
  for (let start = scanStart; ;) {
    let marker = nextMarker(bytes, start, bytes.length);
    while (marker !== null && isRestart(marker.code)) marker = nextMarker(bytes, marker.end, bytes.length);
    const end = marker?.end ?? bytes.length;
    if (Math.floor((end - 1) / BLOCK) > Math.floor(start / BLOCK)) {
      throw corrupt('an arithmetic-coded JPEG of more than 64 KiB, which Pillow gives up');
    }
    while (marker !== null && marker.code !== START_OF_SCAN) {
      if (marker.code === END_OF_IMAGE) return;
      const length = (bytes[marker.end] ?? 0) * 256 + (bytes[marker.end + 1] ?? 0);
      marker = nextMarker(bytes, marker.end + Math.max(2, length), bytes.length);
    }
    if (marker === null) return;
    start = marker.end + (bytes[marker.end] ?? 0) * 256 + (bytes[marker.end + 1] ?? 0);
  }
}

/**
 * Throws an ImageError (`image-corrupt`) for what libjpeg finds wrong between a JPEG's only scan and its end marker,
 * and Pillow raises as "broken data stream": a second scan, frame or image, an unknown marker, a broken table. Often it
 * is the rest of a picture that a stray marker ended, grey from there on. libvips stops after the last row and never
 * reads so far. (JPEGs of several scans are read to their end before the first row, by both.)
 *
 * Like Pillow it looks no further than the block of 64 KiB in which the scan ends.
 */
export function assertEndsWell(file: Uint8Array, outline: JpegOutline): void {
  // A Buffer's `indexOf` is several times as fast as that of a Uint8Array.
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (outline.arithmetic) assertFitsBlocks(bytes, outline.scanStart);
  if (!outline.singleScan) return;
  let marker = markerAfterScan(bytes, outline);
  if (marker === null) return;
  const end = Math.min(bytes.length, Math.ceil(marker.end / BLOCK) * BLOCK);
  while (marker !== null && marker.code !== END_OF_IMAGE) {
    const { code } = marker;
    let after = marker.end;
    if (!isRestart(code) && code !== 0x01) {
      const known = isTable(code) || isPassed(code) || code === START_OF_SCAN;
      const wrong = corrupt(`the JPEG has ${nameOf(code)} where it should end: part of it is no picture`);
      if (!known) throw wrong;
      if (after + 2 > end) return;
      const length = bytes[after]! * 256 + bytes[after + 1]! - 2;
      const content = bytes.subarray(after + 2, Math.min(end, after + 2 + Math.max(0, length)));
      // A scan of an impossible length is wrong before it is whole.
      const [components] = content;
      if (code === START_OF_SCAN && components !== undefined && length !== components * 2 + 4) throw wrong;
      if (isTable(code) && !isSoundTable(code, content, length)) throw brokenTable();
      if (content.length < length) return;
      if (code === START_OF_SCAN) throw wrong;
      after += 2 + content.length;
    }
    marker = nextMarker(bytes, after, end);
  }
}
