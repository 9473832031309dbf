/**
 * Why a decoder refuses what its library takes, by what it says. There is no excuse for taking what the library refuses,
 * nor for other bytes.
 */
export const excuses: readonly (readonly [said: RegExp, reason: string])[] = [
  [
    /the rows of the PNG|ends within its IDAT chunk/,
    "a PNG's rows must unpack to their end, check value included; Pillow stops at the last row that it needs, and leaves black what a stream that ends with a row lacks",
  ],
  [
    /where it should end|checksum of the PNG's/,
    'OpenCV reads no further than the last row, and passes over chunks that it has no use for; here as Pillow has it',
  ],
  [
    /arithmetic-coded JPEG of more than 64 KiB/,
    'Pillow gives up where such a scan reaches over a block of 64 KiB; here where its bytes do, though damage may end it before',
  ],
  [
    /ends before its picture, and begins again/,
    'libjpeg takes a JPEG of tables alone and goes on to the next; here a file is one image',
  ],
  [
    /palette belongs to another header/,
    "a PNG of two headers and a palette between them: Pillow paints some of those in the palette's colours",
  ],
  [
    /JFIF segment is shorter|Adobe segment is shorter|Photoshop segment ends|colour profile is cut off|tRNS chunk is too short/,
    'OpenCV passes over segments and chunks that it has no use for; here as Pillow has it',
  ],
  [
    /the JPEG is cut off|restart marker of the JPEG is missing|code that its Huffman table lacks/,
    "TensorFlow's libjpeg warns of a damaged scan and goes on with grey; here it is refused",
  ],
  [
    /a Huffman table \([ad]c \d+\) that it lacks/,
    'libjpeg takes the tables of Motion JPEG for those that are missing',
  ],
  [
    /lossless, hierarchical or arithmetic-coded|components have the same name|sampled in fractions/,
    'kinds of JPEG that no camera writes',
  ],
  [
    /contradicts its frame|lacks a scan or a quantizer/,
    'libjpeg passes over parameters of a scan that make no sense',
  ],
  [/lacks scans/, 'libjpeg smooths a progressive JPEG whose last scans are missing'],
];

/** The reason why this refusal is no difference; undefined where there is none. */
export function excuseFor(refusal: string): string | undefined {
  return excuses.find(([said]) => said.test(refusal))?.[1];
}
