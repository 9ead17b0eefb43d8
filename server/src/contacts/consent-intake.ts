/**
 * The port through which an import hands what people agreed to, to the room that keeps consent (one floor up).
 *
 * Why a port and not an event: the claim would be written twice (in the event, then as consent: one fact, two rows),
 * and the report of the import could not say what became of it (PC-23: how many stay suppressed). Called inside the
 * transaction of the batch, the claims are recorded exactly once, together with the contacts and the import's cursor.
 * The room above is called, never imported: it registers itself when its door is loaded.
 */
import type { Ctx } from '../platform/context.ts'
import type { ContactId } from '../platform/ids.ts'

/** What a row of a file says about one channel. A yes always has its date and source; a no may lack them. */
export interface ConsentClaim {
  channel: 'email' | 'sms'
  granted: boolean
  /** When the person said it; for a no without date, when the import began. */
  at: Date
  /** Where the person said it, as the file or the importer states. */
  source: string
}

/** One person of a batch, with what the file claims about them (often nothing). */
export interface ConsentIntakePerson {
  contactId: ContactId
  /** Keyed hashes of the addresses, in hex. */
  emailHash: string | null
  phoneHash: string | null
  claims: readonly ConsentClaim[]
}

/** What became of a batch. */
export interface ConsentIntakeOutcome {
  /** Claims that were recorded. */
  recorded: number
  /** People of the batch who have a suppressed address and stay so, whatever the file claims. */
  suppressed: number
}

/** Implemented by the room consent. Must be set-based: a batch has up to 5,000 people. */
export interface ConsentIntake {
  /** Records the claims of a batch inside the present transaction. `importId` is the proof's source. */
  receive(ctx: Ctx, importId: string, people: readonly ConsentIntakePerson[]): Promise<ConsentIntakeOutcome>
}

let registered: ConsentIntake | null = null

/** Called once by the room consent when its door is loaded. */
export function registerConsentIntake(intake: ConsentIntake): void {
  registered = intake
}

/** The registered intake; without one (a build without the room) nothing is recorded and nothing is suppressed. */
export function consentIntake(): ConsentIntake {
  return registered ?? NOBODY_LISTENS
}

const NOBODY_LISTENS: ConsentIntake = { receive: async () => ({ recorded: 0, suppressed: 0 }) }
