/** Prints "N passed, N failed" from vitest's JSON results; a skipped test is named and counts as failed. */
const { readFileSync } = require('node:fs');

const [file, exitCode] = process.argv.slice(2);
const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
  readFileSync(file, 'utf8'),
);
const skipped = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status !== 'passed' && status !== 'failed');
for (const { fullName } of skipped) console.log(`skipped, which counts as failed here: ${fullName}`);

const failed = Math.max(numFailedTests + skipped.length, numFailedTestSuites > 0 || exitCode !== '0' ? 1 : 0);
console.log(`${numPassedTests} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
