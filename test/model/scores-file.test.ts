import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { npyHeader, readNpyHeader } from '../../src/domain/npy.js';
import { readScoresFile } from '../../src/model/scores-file.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();

/** What numpy 2 saves of [[1.5, -2, 3], [0.25, 65504, -0.0]], and of [[1, -2, 3], [-128, 127, 0]] as int8. */
const header = (descr: string, fortran: string): Buffer =>
  Buffer.concat([
    Buffer.from('k05VTVBZAQB2AA==', 'base64'),
    Buffer.from(`{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (2, 3), }`.padEnd(117) + '\n'),
  ]);
const saved = {
  float64: [header('<f8', 'False'), 'AAAAAAAA+D8AAAAAAAAAwAAAAAAAAAhAAAAAAAAA0D8AAAAAAPzvQAAAAAAAAACA'],
  float32: [header('<f4', 'False'), 'AADAPwAAAMAAAEBAAACAPgDgf0cAAACA'],
  float16: [header('<f2', 'False'), 'AD4AwABCADT/ewCA'],
  int8: [header('|i1', 'False'), 'Af4DgH8A'],
  fortran: [header('<f8', 'True'), 'AAAAAAAA+D8AAAAAAADQPwAAAAAAAADAAAAAAAD870AAAAAAAAAIQAAAAAAAAACA'],
  'big endian': [header('>f4', 'False'), 'P8AAAMAAAABAQAAAPoAAAEd/4ACAAAAA'],
} as const;

function npy(name: keyof typeof saved): string {
  const [head, values] = saved[name];
  return file(`${name}.npy`, Buffer.concat([head, Buffer.from(values, 'base64')]));
}

const index = file('index.csv', 'id,label,sha256\na.JPEG,0,11\nb.JPEG,1,22\n');
const numbers = [1.5, -2, 3, 0.25, 65504, -0];

describe('scores in a .npy', () => {
  it.each([
    ['float64', numbers],
    ['float32', numbers],
    ['float16', numbers],
    ['int8', [1, -2, 3, -128, 127, 0]],
  ] as const)(
    'of %s are those that numpy saved, by the images of the index beside it',
    async (dtype, expected) => {
      const { scores, classes, images, ...rest } = await readScoresFile('m', npy(dtype), null);
      expect([...scores]).toEqual(expected);
      expect(classes).toBe(3);
      expect(images).toEqual([
        { id: 'a.JPEG', sha256: '11' },
        { id: 'b.JPEG', sha256: '22' },
      ]);
      expect(rest).toMatchObject({ dtype, index: { file: index }, tensors: null });
    },
  );

  it.each([
    ['fortran', /not in C order: save numpy.ascontiguousarray/],
    ['big endian', /its values are >f4/],
  ] as const)('that are %s are refused with the reason', async (name, reason) => {
    await expect(readScoresFile('m', npy(name), null)).rejects.toThrow(reason);
  });

  it('have a row for every line of the index, and no NaN: each is a fault by name', async () => {
    const long = file('long.csv', 'id\na\nb\nc\n');
    await expect(readScoresFile('m', npy('float32'), long)).rejects.toMatchObject({ code: 'scores-index' });
    const values = Float32Array.of(1, 2, 3, 4, NaN, 6);
    const bytes = Buffer.concat([npyHeader('float32', [2, 3]), Buffer.from(values.buffer)]);
    await expect(readScoresFile('m', file('nan.npy', bytes), null)).rejects.toThrow(
      'a score of b.JPEG is NaN, of class 1',
    );
    await expect(readScoresFile('m', file('cut.npy', bytes.subarray(0, 140)), null)).rejects.toMatchObject({
      code: 'scores-unreadable',
    });
    await expect(readScoresFile('m', npy('float32'), join(dir, 'none.csv'))).rejects.toMatchObject({
      code: 'scores-index',
    });
  });

  it('begin where the header says, which is what numpy writes for such an array', () => {
    expect(npyHeader('float16', [2, 3])).toEqual(header('<f2', 'False'));
    expect(readNpyHeader(npyHeader('uint8', [7, 3, 64, 64]))).toEqual({
      dtype: 'uint8',
      shape: [7, 3, 64, 64],
      offset: 128,
    });
  });
});

describe('scores in a CSV', () => {
  it('are found by the image that each line names, to the last bit, with or without a header', async () => {
    const lines = 'a.JPEG,0.1,0.30000000000000004,1e-3\n"b, c.JPEG",1,2,3\n';
    const plain = await readScoresFile('m', file('plain.csv', lines), null);
    expect([...plain.scores]).toEqual([0.1, 0.30000000000000004, 0.001, 1, 2, 3]);
    expect(plain.images.map(({ id }) => id)).toEqual(['a.JPEG', 'b, c.JPEG']);
    expect(plain.dtype).toBe('float64');
    const headed = await readScoresFile('m', file('headed.csv', `id,0,1,2\n${lines}`), null);
    expect(headed.scores).toEqual(plain.scores);
    writeFileSync(join(dir, 'whole.csv'), 'a,1,2\nb,3,4\n');
    expect((await readScoresFile('m', join(dir, 'whole.csv'), null)).dtype).toBe('int32');
  });

  it.each([
    ['a,1,2\nb,1\n', 'b has 1 scores, and a 2'],
    ['a,1,2\nb,1,two\n', 'a score of b is NaN, of class 1'],
    ['a,1,2\nb,,2\n', 'a score of b is NaN, of class 0'],
  ])('with a wrong line are a fault by name', async (text, reason) => {
    await expect(readScoresFile('m', file('wrong.csv', text), null)).rejects.toThrow(reason);
  });
});
