/**
 * What keras.layers.Normalization(mean, variance=std ** 2) divides by: sqrt(f32(std * std)) in float32, which can
 * differ from f32(std) in the last bit.
 */
export function kerasDeviation(std: readonly [number, number, number]): readonly [number, number, number] {
  const [red, green, blue] = std;
  return [throughVariance(red), throughVariance(green), throughVariance(blue)];
}

function throughVariance(deviation: number): number {
  return Math.fround(Math.sqrt(Math.fround(deviation * deviation)));
}
