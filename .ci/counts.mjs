// What a test runner's JSON report says: `node counts.mjs vitest|playwright REPORT FAILURES` prints
// `PASSED FAILED` and appends to FAILURES one paragraph for each test that failed: its file, its title, what it said.
import { appendFileSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

const LINES_OF_A_FAILURE = 12

const readers = {
  vitest: (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    failures: report.testResults.flatMap((file) => {
      const tests = file.assertionResults.filter((test) => test.status === 'failed')
      // A file that broke before its first test has no test to blame.
      if (tests.length === 0 && file.status === 'failed')
        return [{ where: file.name, said: [file.message ?? ''] }]
      return tests.map((test) => ({ where: `${file.name} › ${test.fullName}`, said: test.failureMessages }))
    }),
  }),
  playwright: (report) => ({
    passed: report.stats.expected + report.stats.flaky,
    failed: report.stats.unexpected,
    failures: report.suites.flatMap(specsOf).flatMap((spec) =>
      spec.ok
        ? []
        : [
            {
              where: `${spec.file} › ${spec.title}`,
              said: spec.tests.flatMap((test) =>
                test.results.flatMap((result) => result.errors.map((e) => e.message)),
              ),
            },
          ],
    ),
  }),
}

function specsOf(suite) {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)]
}

const [kind, reportFile, failuresFile] = process.argv.slice(2)
const { passed, failed, failures } = readers[kind](JSON.parse(readFileSync(reportFile, 'utf8')))
for (const { where, said } of failures) {
  const lines = stripVTControlCharacters(said.join('\n')).split('\n').slice(0, LINES_OF_A_FAILURE)
  appendFileSync(failuresFile, `${where}\n${lines.map((line) => `    ${line}`).join('\n')}\n`)
}
process.stdout.write(`${passed} ${failed}\n`)
