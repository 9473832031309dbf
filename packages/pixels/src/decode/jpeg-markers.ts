/** The second bytes of JPEG's markers, and what libjpeg accepts of the segments behind them. */
export const HUFFMAN = 0xc4;
const ARITHMETIC = 0xcc;
/** EOI. */
export const END_OF_IMAGE = 0xd9;
/** SOS. */
export const START_OF_SCAN = 0xda;
/** DQT. */
export const QUANTIZERS = 0xdb;
/** DRI. */
export const RESTART_INTERVAL = 0xdd;

/** SOF0 to SOF15: 0xC0 to 0xCF without DHT, JPG and DAC. */
export const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== HUFFMAN && marker !== 0xc8 && marker !== ARITHMETIC;

/** RST0 to RST7. */
export const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** APP0 to APP15, COM and DNL: libjpeg passes over them. */
export const isPassed = (marker: number): boolean =>
  (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe || marker === 0xdc;

/** DHT, DQT, DAC and DRI. */
export const isTable = (marker: number): boolean =>
  marker === HUFFMAN || marker === QUANTIZERS || marker === ARITHMETIC || marker === RESTART_INTERVAL;

/**
 * Whether libjpeg accepts a table segment that claims `length` bytes of content; what it reads before the content ends
 * decides.
 */
export function isSoundTable(marker: number, content: Uint8Array, length: number): boolean {
  let at = 0;
  switch (marker) {
    case HUFFMAN:
      while (length - at > 16) {
        if (at + 17 > content.length) return true;
        const symbols = content.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
        if (symbols > 256 || at + 17 + symbols > length) return false;
        if (at + 17 + symbols > content.length) return true;
        // Bit 4 says DC or AC; tables 0 to 3.
        if ((content[at]! & 0xef) > 3) return false;
        at += 17 + symbols;
      }
      return at === length;
    case QUANTIZERS:
      while (at < length) {
        if (at >= content.length) return true;
        if ((content[at]! & 15) > 3) return false;
        at += content[at]! >> 4 === 0 ? 65 : 129;
      }
      return at === length || at > content.length;
    case ARITHMETIC:
      for (; at < length; at += 2) {
        if (at + 1 >= content.length) return true;
        const [table, value] = [content[at]!, content[at + 1]!];
        if (table >= 32 || (table < 16 && (value & 15) > value >> 4)) return false;
      }
      return at === length;
    default:
      return length === 2;
  }
}
