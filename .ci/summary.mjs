// Adds up Jest's reports of one gate run and prints one plain line; fails when a test failed, was skipped or none ran.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
const problems = [];

for (const run of ['current', 'node22', 'node24']) {
  const file = join(folder, `${run}.json`);
  if (!existsSync(file)) {
    problems.push(`${run}: no report`);
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  total.passed += report.numPassedTests;
  // A suite that cannot load has no tests to count.
  total.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
  total.skipped += report.numPendingTests + report.numTodoTests;
  if (report.numPassedTests === 0) problems.push(`${run}: no test passed`);
  for (const suite of report.testResults) {
    const path = suite.name.slice(process.cwd().length + 1);
    if (suite.status === 'failed' && suite.assertionResults.length === 0) {
      problems.push(`${run}: ${path} could not run`);
    }
    for (const { status, fullName } of suite.assertionResults) {
      if (status !== 'passed') problems.push(`${run}: ${status}: ${path}: ${fullName}`);
    }
  }
}

for (const problem of problems) console.log(problem);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = problems.length > 0 || total.failed > 0 || total.skipped > 0 ? 1 : 0;
