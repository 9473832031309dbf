import { parseArgs } from 'node:util';
import { wilsonInterval } from '../../src/metrics/interval.js';
import { Xoshiro256 } from '../../src/metrics/random.js';
import { FALSE_ALARM, POOREST_NETWORK, suspicion } from '../../src/metrics/suspicion.js';

const USAGE = `Simulates the guard that stops a run whose set-up is wrong: how often it stops a sound one (promised: at most
${100 * FALSE_ALARM} % for a network ${100 * POOREST_NETWORK} % of the way from chance to perfect), how often it finds a wrong one,
and how often it names another class order where there is one, and where there is none.

  --runs 400     runs a cell
  --seed 1

Exits 1 if a sound network is stopped more often than promised beyond chance (99.9 % Wilson interval above it).`;

interface Cell {
  readonly what: string;
  readonly classes: number;
  readonly images: number;
  /** Share of the images that the network is right on before anything is mixed up. */
  readonly accuracy: number;
  /** Images come two of a class, as the runner orders class folders; else at random. */
  readonly twos: boolean;
  readonly mix: 'none' | 'permuted' | 'off-by-one' | 'nonsense';
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else main(Number(values.runs), Number(values.seed));

function main(runs: number, seed: number): void {
  const random = Xoshiro256.seeded(seed);
  const sizes = [50, 100, 300];
  const cells: Cell[] = [1000, 20].flatMap((classes) =>
    sizes.flatMap((images): Cell[] => {
      const chance = 1 / classes;
      const poorest = chance + POOREST_NETWORK * (1 - chance);
      const cell = { classes, images, twos: false } as const;
      return [
        { ...cell, what: 'the poorest sound network', accuracy: poorest, mix: 'none' },
        { ...cell, what: 'a sound network', accuracy: 0.6, mix: 'none' },
        { ...cell, what: 'a network that guesses', accuracy: chance, mix: 'nonsense' },
        { ...cell, what: 'labels off by one', accuracy: 0.75, mix: 'off-by-one' },
        { ...cell, what: 'another class order, images at random', accuracy: 0.75, mix: 'permuted' },
        { ...cell, what: 'another class order, two of a class', accuracy: 0.75, mix: 'permuted', twos: true },
      ];
    }),
  );
  console.log('| set-up | classes | images | stopped | names another order | promised |');
  console.log('|---|---|---|---|---|---|');
  for (const cell of cells) {
    let stopped = 0;
    let named = 0;
    for (let run = 0; run < runs; run++) {
      const { predicted, labels } = simulate(cell, random);
      const found = suspicion(predicted, labels, names(cell.classes));
      if (found !== null) stopped++;
      if (found?.[0]?.code === 'other-order') named++;
    }
    const sound = cell.mix === 'none';
    const held = !sound || wilsonInterval(stopped, runs, 0.999).lower <= FALSE_ALARM;
    if (!held) process.exitCode = 1;
    const share = (count: number): string => `${((100 * count) / runs).toFixed(2)} %`;
    console.log(
      `| ${cell.what} | ${cell.classes} | ${cell.images} | ${share(stopped)} | ${share(named)} | ${
        sound ? `stopped <= ${100 * FALSE_ALARM} % ${held ? 'holds' : 'EXCEEDS'}` : ''
      } |`,
    );
  }
  console.log(`\n${runs} runs a cell, seed ${seed}`);
}

function simulate(cell: Cell, random: Xoshiro256): { predicted: number[]; labels: number[] } {
  const { classes, images, accuracy, twos, mix } = cell;
  const uniform = (): number => random.nextHigh() / 2 ** 32;
  const order = Array.from({ length: classes }, (_, index) => index);
  for (let last = classes - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  const labels: number[] = [];
  for (let i = 0; i < images; i++) labels.push(twos && i % 2 === 1 ? labels[i - 1]! : random.below(classes));
  const predicted = labels.map((label) => {
    // Half of the wrong answers are a neighbour, as alike classes lie beside each other.
    const wrong = uniform() < 0.5 ? (label + 1 + random.below(3)) % classes : random.below(classes);
    const output = uniform() < accuracy ? label : wrong;
    if (mix === 'permuted') return order[output]!;
    if (mix === 'off-by-one') return (output + 1) % classes;
    return mix === 'nonsense' ? random.below(classes) : output;
  });
  return { predicted, labels };
}

function names(classes: number) {
  return Array.from({ length: classes }, (_, index) => ({
    index,
    wnid: `n${String(index).padStart(8, '0')}`,
    name: `class ${String((index * 7919) % classes).padStart(4, '0')}`,
  }));
}
