/** The door of experiments: tests of contents, decided so that the stated error rate holds. */
import { anyJob } from '../platform/jobs/index.ts'
import { rowsOf } from '../platform/rights.ts'
import { room } from '../platform/room.ts'
import { countOutcomesOfTests } from './evidence.ts'
import { lookJob } from './look.ts'
import { forgetOutcomes } from './queries.ts'

export { experimentApplied, experimentDecided } from './events.ts'
export { evenPercents, hasRest, letterOf, numberOf, restSplit, type Variant } from './rules.ts'
export {
  addRunTo,
  chooseByHand,
  drawSplit,
  type Experiment,
  experimentById,
  type ExperimentDraft,
  experimentOf,
  noteApplied,
  noteAssigned,
  planExperiment,
  removeDraft,
  reportMetrics,
  resultsOf,
  saveExperiment,
  startExperiment,
  stopExperiment,
} from './service.ts'
export type { ExperimentResults, PlanResult, ReportedMetrics, VariantId } from './schema.ts'
export { logIncompleteBeta } from './statistics/beta.ts'
export { benjaminiHochberg } from './statistics/multiplicity.ts'
export {
  newcombeInterval,
  READING_CONFIDENCE,
  shareInterval,
  wilsonInterval,
} from './statistics/proportions.ts'
export { studentQuantile, studentTwoSided } from './statistics/student.ts'
export { type Moments, welchTest } from './statistics/welch.ts'
export { testOnHistory } from './self-test.ts'
export { HOLDOUT, type Split, withVariantSql } from './split.ts'

/** The room, as app.ts lists it. */
export const experiments = room('experiments', {
  jobs: [anyJob(lookJob)],
  consumers: [countOutcomesOfTests],
  access: {
    experiment_assignment: rowsOf(
      'experiment_assignment',
      {
        en: 'Which of several contents you were given, by lot.',
        fr: 'Lequel de plusieurs contenus vous a été attribué, par tirage au sort.',
      },
      'experiment_id',
    ),
    experiment_outcome: rowsOf(
      'experiment_outcome',
      {
        en: 'What you did with messages whose contents were compared.',
        fr: 'Ce que vous avez fait de messages dont les contenus étaient comparés.',
      },
      'experiment_id',
    ),
  },
  erase: {
    // As in the ledger: the number names nobody any more, and past counts stay as they are.
    experiment_assignment: async () => undefined,
    experiment_outcome: async (ctx, contactId) => void (await forgetOutcomes(ctx, contactId)),
  },
})
