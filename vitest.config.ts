import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['server/src/**/*.test.ts', 'tools/**/*.test.ts', 'web/src/**/*.test.ts', 'web/*.test.ts'],
    globalSetup: ['server/src/testing/global-setup.ts'],
    // Far beyond what any test takes: none may fail because a machine is slow.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
    // Files share a process and what it has loaded, as installations in one server would: loading everything for each of
    // them took as long as the tests. Nothing that a module keeps may therefore tell one database's answers to another.
    isolate: false,
  },
})
