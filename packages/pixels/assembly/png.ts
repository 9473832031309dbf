/**
 * Undoes the filters of PNG rows in place. Each row is a filter's type and `rowBytes` bytes behind it.
 *
 * @param above a row of `rowBytes` bytes: the one above the first, zeros where there is none
 * @param at where the first row starts
 * @param step from a byte of a pixel to the same one of the next
 * @returns how many rows were undone: less than `count` where one's filter is none that there is
 */
export function unfilter(above: usize, at: usize, count: i32, rowBytes: i32, step: i32): i32 {
  for (let y = 0; y < count; y++) {
    const type = load<u8>(at);
    const row = at + 1;
    switch (type) {
      case 0:
        break;
      case 1:
        for (let i = step; i < rowBytes; i++) store<u8>(row + i, load<u8>(row + i) + load<u8>(row + i - step));
        break;
      case 2:
        for (let i = 0; i < rowBytes; i++) store<u8>(row + i, load<u8>(row + i) + load<u8>(above + i));
        break;
      case 3:
        average(row, above, rowBytes, step);
        break;
      case 4:
        paeth(row, above, rowBytes, step);
        break;
      default:
        return y;
    }
    above = row;
    at = row + rowBytes;
  }
  return count;
}

function average(row: usize, above: usize, rowBytes: i32, step: i32): void {
  const first = min(step, rowBytes);
  for (let i = 0; i < first; i++) store<u8>(row + i, load<u8>(row + i) + (load<u8>(above + i) >> 1));
  for (let i = step; i < rowBytes; i++) {
    const mean = (<i32>load<u8>(row + i - step) + <i32>load<u8>(above + i)) >> 1;
    store<u8>(row + i, load<u8>(row + i) + <u8>mean);
  }
}

function paeth(row: usize, above: usize, rowBytes: i32, step: i32): void {
  const first = min(step, rowBytes);
  for (let i = 0; i < first; i++) store<u8>(row + i, load<u8>(row + i) + load<u8>(above + i));
  for (let i = step; i < rowBytes; i++) {
    const left = <i32>load<u8>(row + i - step);
    const up = <i32>load<u8>(above + i);
    const corner = <i32>load<u8>(above + i - step);
    const toLeft = abs(up - corner);
    const toUp = abs(left - corner);
    const toCorner = abs(left + up - 2 * corner);
    const nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    store<u8>(row + i, load<u8>(row + i) + <u8>nearest);
  }
}

export { heapBase } from './shared/memory';
