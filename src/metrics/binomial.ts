/**
 * P(X = k) for X ~ Bin(n, p), by the saddle-point expansion of Loader, "Fast and Accurate Computation of
 * Binomial Probabilities" (2000): full double accuracy where differences of log-gamma lose digits.
 *
 * @param k integer in [0, n]
 * @param p in [0, 1]
 */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (p === 0) return k === 0 ? 1 : 0;
  if (p === 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const logRatio = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  const deviance = devianceTerm(k, n * p) + devianceTerm(n - k, n * (1 - p));
  return Math.exp(logRatio - deviance) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** P(X <= k), summed from k downwards, so that a small tail keeps its digits. */
export function binomialLowerTail(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  if (p === 0) return 1;
  if (p === 1) return 0;
  const odds = (1 - p) / p;
  // Above the mean the terms grow at first on the way down; the small complement is then summed instead.
  if (k > n * p) return Math.min(1, 1 - binomialLowerTail(n - k - 1, n, 1 - p));
  let term = binomialProbability(k, n, p);
  let sum = term;
  for (let j = k; j > 0 && term > sum * 1e-17; j--) {
    term *= (j / (n - j + 1)) * odds;
    sum += term;
  }
  return sum;
}

/** P(X >= k). */
export function binomialUpperTail(k: number, n: number, p: number): number {
  return binomialLowerTail(n - k, n, 1 - p);
}

/** log(n!) - log(sqrt(2 pi n) (n/e)^n): the error of Stirling's formula, n >= 1. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let logFactorial = 0;
    for (let i = 2; i <= n; i++) logFactorial += Math.log(i);
    return logFactorial - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
  }
  const n2 = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / n2) / n2) / n2) / n2) / n;
}

/** x log(x/m) + m - x without cancellation for x near m. */
function devianceTerm(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let power = 2 * x * v;
  for (let j = 1; ; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}
