/**
 * xoshiro256** (Blackman & Vigna, ACM TOMS 47 (2021) 36; public domain reference at prng.di.unimi.it), its state
 * filled by SplitMix64. Here in 32-bit halves: JavaScript's 64-bit integers are slow.
 */
export class Xoshiro256 {
  /** s0..s3, each as low and high half. */
  readonly #state = new Uint32Array(8);

  /** @param state four 64-bit words, not all zero */
  constructor(state: readonly bigint[]) {
    state.forEach((word, index) => {
      this.#state[2 * index] = Number(word & 0xffffffffn);
      this.#state[2 * index + 1] = Number(word >> 32n);
    });
  }

  /**
   * @param seed an integer in [0, 2^64)
   * @throws RangeError for a seed outside
   */
  static seeded(seed: number | bigint): Xoshiro256 {
    if (typeof seed === 'number' && !Number.isSafeInteger(seed))
      throw new RangeError(`Expected a whole number as seed but received ${seed}`);
    const wide = BigInt(seed);
    if (wide < 0n || wide > WORD)
      throw new RangeError(`Expected a seed from 0 to 2^64 - 1 but received ${String(seed)}`);
    return new Xoshiro256(splitMix64(wide, 4));
  }

  /** The upper 32 bits of the next output, in [0, 2^32). */
  nextHigh(): number {
    const s = this.#state;
    const s1Low = s[2]!;
    const s1High = s[3]!;
    // result = rotl(s1 * 5, 7) * 9
    const five = s1Low * 5;
    const fiveLow = five >>> 0;
    const fiveHigh = (s1High * 5 + Math.floor(five / TWO_32)) >>> 0;
    const turnedLow = ((fiveLow << 7) | (fiveHigh >>> 25)) >>> 0;
    const turnedHigh = ((fiveHigh << 7) | (fiveLow >>> 25)) >>> 0;
    const nine = turnedLow * 9;
    const result = (turnedHigh * 9 + Math.floor(nine / TWO_32)) >>> 0;

    const shiftedLow = s1Low << 17;
    const shiftedHigh = (s1High << 17) | (s1Low >>> 15);
    s[4]! ^= s[0]!;
    s[5]! ^= s[1]!;
    s[6]! ^= s1Low;
    s[7]! ^= s1High;
    s[2]! ^= s[4]!;
    s[3]! ^= s[5]!;
    s[0]! ^= s[6]!;
    s[1]! ^= s[7]!;
    s[4]! ^= shiftedLow;
    s[5]! ^= shiftedHigh;
    // s3 = rotl(s3, 45) = halves swapped, then rotl by 13
    const low = s[7]!;
    const high = s[6]!;
    s[6] = (low << 13) | (high >>> 19);
    s[7] = (high << 13) | (low >>> 19);
    return result;
  }

  /**
   * A uniform integer in [0, bound), unbiased: outputs above the last whole multiple of `bound` are thrown away.
   *
   * @param bound integer in [1, 2^32]
   */
  below(bound: number): number {
    const limit = TWO_32 - (TWO_32 % bound);
    for (;;) {
      const bits = this.nextHigh();
      if (bits < limit) return bits % bound;
    }
  }
}

/** The first outputs of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014) from a 64-bit seed. */
export function splitMix64(seed: bigint, count: number): bigint[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state + 0x9e3779b97f4a7c15n) & WORD;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & WORD;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & WORD;
    return z ^ (z >> 31n);
  });
}

const WORD = 0xffffffffffffffffn;
const TWO_32 = 2 ** 32;
