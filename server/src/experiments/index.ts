/** The door of experiments: tests of contents, decided so that the stated error rate holds. */
export { holm } from './statistics/multiplicity.ts'
export { newcombeInterval, wilsonInterval } from './statistics/proportions.ts'
export { momentsOf, welchTest } from './statistics/welch.ts'
