import { defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node';

/** The files that take longest, longest first: begun last, one of them would run alone at the end. */
const long = [
  'e2e/real-networks',
  'e2e/check',
  'e2e/sweep',
  'docs/commands',
  'e2e/resume',
  'config/recipes-real-images',
  'e2e/bad-input',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = long.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return found < 0 ? long.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** Where `CI` is set a test that is skipped fails the run, by name: it would be green without having run. */
const noneSkipped: Reporter = {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap(({ children }) => [...children.allTests('skipped')]);
    for (const { fullName } of skipped) console.error(`skipped, which counts as failed in CI: ${fullName}`);
    if (skipped.length > 0) process.exitCode = 1;
  },
};

/** Their modules are loaded once for all of them; the others have a process a file. */
const together = [
  'test/{bench,cli,config,dataset,docs,jobs,metrics,model,report,store}/**/*.test.ts',
  'packages/*/test/**/*.test.ts',
];
/** Measures the memory of its own process. */
const alone = ['packages/pixels/test/memory.test.ts'];

export default defineConfig({
  test: {
    // No test may fail for a slow machine: these end what hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: process.env.CI === undefined ? ['default'] : ['default', noneSkipped],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    globalSetup: 'test/known-predictions.ts',
    projects: [
      {
        extends: true,
        test: { name: 'together', isolate: false, include: together, exclude: alone },
      },
      {
        extends: true,
        test: { name: 'alone', include: [...alone, 'test/**/*.test.ts'], exclude: together.slice(0, 1) },
      },
    ],
  },
});
