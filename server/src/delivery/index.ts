/** The door of delivery: runs, the settings that mail is sent with, and the built-in mailbox. */
import { registerRunTopic } from '../consent/index.ts'
import { anyJob } from '../platform/jobs/index.ts'
import { nothingToGive, rowsOf } from '../platform/rights.ts'
import { room, type EraseStep, type Room } from '../platform/room.ts'
import { deliverChunkJob } from './handover/deliver-chunk.ts'
import { readMailbox, readMails } from './access.ts'
import { forgetClaims } from './caps/cap-queries.ts'
import { forgetInbox } from './inbox/queries.ts'
import { applyEarlyEventsJob } from './intake/events/apply-early.ts'
import { forgetEarlyOf } from './intake/events/queries.ts'
import { eraseFromAlerts, eraseFromExamples } from './intake/forget.ts'
import { answerInboundJob } from './intake/inbound/answer-inbound.ts'
import { forgetInbound } from './intake/inbound/queries.ts'
import { forgetMails } from './mailbox/queries.ts'
import { forgetMessages, topicOfMessage } from './messages/queries.ts'
import { forgetRefusals } from './refusals/refusal-queries.ts'
import { sendMessagesJob } from './messages/send.ts'
import { resolveRestJob, resolveRunJob } from './resolve/resolve-run.ts'
import { routes } from './routes.ts'
import { readRun } from './runs/queries.ts'
import {
  askAgain,
  holdWarmups,
  watchRates,
  forgetEndedMessages,
  pruneLimits,
  pruneMailboxes,
  pruneOldRefusals,
  pruneVendorEvents,
  tendMessages,
  watchDomains,
} from './schedules.ts'

export { cancelRun, haltRun, pauseRun, resumeRun } from './runs/control-run.ts'
export { openRunIds } from './runs/queries.ts'
export {
  instantOf,
  occurrencesAfter,
  startZone,
  type Occurrence,
  type Recurrence,
} from './timing/recurrence.ts'
export { occurrenceInWords, planInWords } from './timing/plan-words.ts'
export { campaignsOutOf, writeRunBudgets as setRunBudgets } from './budget/budget-queries.ts'
export { BUDGETS, budgetSentence } from './budget/budget-sentence.ts'
export type { OutOfBudget } from './budget/within-budget.ts'
export { limitRuns } from './limits/service.ts'
export { whenWouldLeave } from './timing/service.ts'
export type { RunTiming } from './timing/run-timing.ts'
export { campaignTiming, type CampaignTiming, type WhenAnswer } from './timing/schema.ts'
export { parseCron } from './timing/cron.ts'
export { estimateRun, startRun, type RunEstimate, type StartRun } from './runs/start-run.ts'
export { closeRun, FEED_MAX, feedRun, type Feed } from './resolve/feed-run.ts'
export { REACHES, type Reach, type RunChannel, type RunContent } from './runs/run.ts'
export { troubleSentence } from './runs/trouble-sentence.ts'
export { whyChannelRests } from './channels/outlets.ts'
export { carryOwnMail } from './sending/own-mail.ts'
export { currentOutlet } from './sending/servers.ts'
export { runDesk, type RunDesk } from './runs/desk.ts'
export { NOTHING_SAID, whyInRun, type WhyAnswer } from './runs/why.ts'
export { judgePerson as wouldReach } from './runs/why-queries.ts'
export { deadLetters, sendAgain, SEND_AGAIN_MAX, type SendAgain } from './runs/send-again.ts'
export { cancelSendingAgain, pauseSendingAgain, resumeSendingAgain } from './runs/stop-again.ts'
export { latestRun, runProgress, type RunProgress } from './runs/run-progress.ts'
export { acceptMessages, type AcceptedMessage, type AskedMessage } from './messages/accept.ts'
export { runCompleted, runFailed, runOutOfBudget, runTripped } from './events.ts'
export { tripSentence } from './breakers/trip-sentence.ts'
export type { Trip } from './breakers/breaker.ts'
export { startMailbox, type Mailbox } from './mailbox/server.ts'

// Pages of consent ask what the message behind a link was about.
registerRunTopic(async (ctx, runId) => {
  const run = await readRun(ctx, runId)
  // A message sent by itself is a run of its own.
  return run ? run.topic : topicOfMessage(ctx, runId)
})

/** Frozen ids are numbers that name nobody once the contact is gone: the last look finds no row and skips them. */
const namesNobodyAnyMore: EraseStep = () => Promise.resolve()

/** The room, as the server assembles it. */
export const delivery: Room = room('delivery', {
  routes,
  jobs: [
    anyJob(resolveRunJob),
    anyJob(resolveRestJob),
    anyJob(deliverChunkJob),
    anyJob(sendMessagesJob),
    anyJob(applyEarlyEventsJob),
    anyJob(answerInboundJob),
  ],
  schedules: [
    watchRates,
    holdWarmups,
    askAgain,
    tendMessages,
    forgetEndedMessages,
    pruneMailboxes,
    pruneVendorEvents,
    pruneLimits,
    pruneOldRefusals,
    watchDomains,
  ],
  erase: {
    chunk: namesNobodyAnyMore,
    armed_batch: namesNobodyAnyMore,
    cap_claim: async (ctx, contactId) => void (await forgetClaims(ctx, contactId)),
    refusal: async (ctx, contactId) => void (await forgetRefusals(ctx, contactId)),
    early_event: async (ctx, contactId) => void (await forgetEarlyOf(ctx, contactId)),
    vendor_unknown: eraseFromExamples,
    sending_alert: eraseFromAlerts,
    inbound_message: async (ctx, contactId) => void (await forgetInbound(ctx, contactId)),
    in_app_message: async (ctx, contactId) => void (await forgetInbox(ctx, contactId)),
    direct_message: async (ctx, contactId) => void (await forgetMessages(ctx, contactId)),
    mailbox_message: async (ctx, contactId) => void (await forgetMails(ctx, contactId)),
  },
  access: {
    chunk: nothingToGive({
      en: 'Numbers of people in the queue of a campaign; what came of them is in “message”.',
      fr: 'Les numéros des personnes dans la file d’une campagne ; ce qu’il en est advenu figure dans « message ».',
    }),
    armed_batch: nothingToGive({
      en: 'Numbers of people whose message is being handed over at this moment.',
      fr: 'Les numéros des personnes dont le message est en cours de remise à cet instant.',
    }),
    cap_claim: nothingToGive({
      en: 'Places kept in the queue so that you are not written to too often, until the message has left.',
      fr: 'Des places retenues dans la file pour ne pas vous écrire trop souvent, jusqu’au départ du message.',
    }),
    refusal: rowsOf(
      'refusal',
      {
        en: 'Why messages to you were not taken, in the words of who refused them.',
        fr: 'Pourquoi des messages à votre adresse n’ont pas été acceptés, dans les termes de qui les a refusés.',
      },
      'run_id, channel',
    ),
    early_event: nothingToGive({
      en: 'What a provider told of a message to you that is just being recorded; it stands in “message” within seconds.',
      fr: 'Ce qu’un prestataire a dit d’un message à votre adresse en cours d’enregistrement ; cela figure dans « message » en quelques secondes.',
    }),
    inbound_message: rowsOf(
      'inbound_message',
      {
        en: 'What you wrote to a number of the organization’s.',
        fr: 'Ce que vous avez écrit à un numéro de l’organisation.',
      },
      'id',
    ),
    in_app_message: rowsOf(
      'in_app_message',
      {
        en: 'Messages in your inbox on the organization’s site.',
        fr: 'Les messages de votre boîte de réception sur le site de l’organisation.',
      },
      'created_at, token',
    ),
    direct_message: rowsOf(
      'direct_message',
      {
        en: 'Messages that were asked for you one by one.',
        fr: 'Les messages qui ont été demandés pour vous un par un.',
      },
      'created_at, id',
    ),
    mail: {
      about: {
        en: 'The mails that were made for you: sender, subject and text as written.',
        fr: 'Les e-mails composés pour vous : expéditeur, objet et texte tels que rédigés.',
      },
      read: readMails,
    },
    mailbox_message: {
      about: {
        en: 'Mails to you that lie in the built-in mailbox.',
        fr: 'Les e-mails à votre adresse qui se trouvent dans la boîte intégrée.',
      },
      read: readMailbox,
    },
  },
})
