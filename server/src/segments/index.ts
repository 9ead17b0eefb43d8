/** The door of segments: named rules over contacts, lists, and audiences made of them. */
import { anyJob } from '../platform/jobs/index.ts'
import { nothingToGive } from '../platform/rights.ts'
import { room, type Room } from '../platform/room.ts'
import { followContacts } from './events.ts'
import {
  forgetSegmentJob,
  refreshDaily,
  refreshSizesJob,
  takeSnapshotsJob,
  wakePeopleJob,
  walkSegmentJob,
} from './jobs.ts'
import { deleteMemberships } from './queries/members.ts'
import { forgetMembership, forgetWakes } from './queries/membership.ts'
import { keepMembership } from './service/membership.ts'
import { readMemberships } from './access.ts'
import { handlers } from './routes.ts'

export { audienceSchema, type Audience, type AudienceInput } from './audience.ts'
export { refusePersonal } from './service/personal.ts'
export { readEventTests } from './service/event-tests.ts'
export {
  audienceAmong,
  audiencePredicate,
  audiencePredicates,
  audiencesAmong,
  countAudience,
  describeAudience,
  sampleAudience,
  SLICE_PLACE,
} from './service/audiences.ts'
export {
  addMembers,
  addUserToSegment,
  evaluateCriteria,
  getSegmentMembers,
  removeUserFromSegment,
} from './service/members.ts'
export {
  createSegment,
  deleteSegment,
  duplicateSegment,
  getSegment,
  listSegments,
  refreshSegment,
  restoreSegment,
  type Segment,
  updateSegment,
} from './service/segments.ts'
export { compareSegments, getSegmentPerformance } from './service/performance.ts'
export { calculateSegmentSize } from './service/size.ts'
export { whyInSegment } from './service/why.ts'
export { type CampaignSource, type NamedCampaign, registerCampaigns } from './campaigns.ts'
export {
  membersChanged,
  type MembershipListener,
  registerMembershipListener,
  segmentEntered,
  segmentLeft,
} from './listeners.ts'
export { registerUse, type SegmentUse, type SegmentUses } from './uses.ts'
export { type Rule, type RuleInput, ruleSchema } from './rules/rule.ts'
export type { SqlPlace } from './rules/sql-text.ts'

/** The room, as the server assembles it. */
export const segments: Room = room('segments', {
  routes: handlers,
  jobs: [
    anyJob(refreshSizesJob),
    anyJob(wakePeopleJob),
    anyJob(walkSegmentJob),
    anyJob(forgetSegmentJob),
    anyJob(takeSnapshotsJob),
  ],
  schedules: [refreshDaily],
  consumers: [followContacts, keepMembership],
  erase: {
    segment_member: (ctx, contactId) => deleteMemberships(ctx, [contactId]),
    segment_membership: (ctx, contactId) => forgetMembership(ctx, [contactId]),
    segment_wake: (ctx, contactId) => forgetWakes(ctx, [contactId]),
  },
  access: {
    segment_member: {
      about: {
        en: 'Groups that you belong to, by a list or because of what is known about you.',
        fr: 'Les groupes dont vous faites partie, par une liste ou en raison de ce qui est connu de vous.',
      },
      read: readMemberships,
    },
    segment_membership: nothingToGive({
      en: 'The groups that somebody belongs to by a rule stand in segment_member’s part.',
      fr: 'Les groupes dont une personne fait partie par une règle figurent dans « segment_member ».',
    }),
    segment_wake: nothingToGive({
      en: 'When a rule is looked at again; it says nothing about the person.',
      fr: 'Quand une règle sera de nouveau examinée ; cela ne dit rien de la personne.',
    }),
  },
})
