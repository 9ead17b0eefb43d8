/** One round: a fault, aimed by the dice of its seed, and the account of it that the providers' ledgers give. */
import { seededDice } from '../../server/src/testing/dice.ts'
import { campaignBody, type Channel, type Organization, type Person, type Wanted } from './organization.ts'
import { stretchOf, type CpuTime } from './pace.ts'
import { wait, type Arrival, type Stage } from './stage.ts'

/** What a round found. */
export interface Result {
  /** Messages that were meant to leave. */
  meant: number
  /** Meant, never taken by a provider, and not listed as unknown: must be none. */
  lost: string[]
  /** Taken twice or more. */
  doubles: number
  /** Taken twice, and listed nowhere: must be none. */
  unlisted: string[]
  /** Listed as unknown by the product. */
  listed: number
  /** Listed as unknown, and never taken by a provider: both answers were lost, and so were both messages. */
  unsure: number
  /** Promises that did not hold, in words. */
  violations: string[]
  /** Figures for the report. */
  notes: Record<string, number>
}

/** A campaign under way. */
export interface Launched {
  id: string
  organization: Organization
  channel: Channel
  marker: string
  meant: readonly Person[]
}

/** However slow the machine: only what never comes is waited for in vain. */
const PATIENCE_MS = 120_000
const FIGURES_WITHIN_MS = 60_000

/** A round under way. */
export class Round {
  readonly stage: Stage
  readonly dice: () => number
  readonly no: number
  readonly result: Result = {
    meant: 0,
    lost: [],
    doubles: 0,
    unlisted: [],
    listed: 0,
    unsure: 0,
    violations: [],
    notes: {},
  }
  readonly #before: number
  readonly #cpuBefore: readonly CpuTime[]
  readonly #beganMs = performance.now()
  readonly #ledgersBefore: ReadonlyMap<Arrival['at'], number>

  private constructor(
    stage: Stage,
    no: number,
    seed: number,
    before: readonly Arrival[],
    cpu: readonly CpuTime[],
  ) {
    this.stage = stage
    this.#cpuBefore = cpu
    this.no = no
    this.dice = seededDice(seed)
    this.#before = stage.taken()
    this.#ledgersBefore = new Map(
      [...Map.groupBy(before, ({ at }) => at)].map(([at, entries]) => [at, entries.length]),
    )
  }

  static async begin(stage: Stage, no: number, seed: number): Promise<Round> {
    return new Round(stage, no, seed, await stage.arrivals(), await stage.cpu())
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.dice() * (most - least + 1))
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.between(0, list.length - 1)] ?? list[0]
  }

  /** Writes a campaign for everybody of an organization, and starts it. */
  async launch(organization: Organization, wanted: Wanted): Promise<Launched> {
    const campaign = await this.write(organization, wanted)
    await this.stage.call(organization, 'POST', `/api/campaigns/${campaign.id}/launch`)
    return campaign
  }

  async write(organization: Organization, wanted: Wanted, suffix = ''): Promise<Launched> {
    const marker = `${organization.name}${this.no}${suffix}`
    const { id } = (await this.stage.call(
      organization,
      'POST',
      '/api/campaigns',
      campaignBody(marker, wanted),
    )) as { id: string }
    return { id, organization, channel: wanted.channel, marker, meant: wanted.people ?? organization.people }
  }

  /** Messages taken since the round began. */
  taken(): number {
    return this.stage.taken() - this.#before
  }

  /** Waits for so many messages to be taken, without letting time pass: something is to happen in the middle. */
  async untilTaken(count: number, patienceMs = PATIENCE_MS): Promise<void> {
    const deadline = performance.now() + patienceMs
    while (this.taken() < count) {
      if (performance.now() > deadline) throw new Error(`${this.taken()} of ${count} messages came in time`)
      await wait(1)
    }
  }

  /** What the ledgers hold since the round began. */
  async arrivals(): Promise<Arrival[]> {
    const seen = new Map(this.#ledgersBefore)
    return (await this.stage.arrivals()).filter(({ at }) => {
      const left = seen.get(at) ?? 0
      seen.set(at, left - 1)
      return left <= 0
    })
  }

  /** Lets time pass until campaigns have ended. */
  async finish(...campaigns: readonly Launched[]): Promise<void> {
    for (const { organization, id } of campaigns)
      await this.stage.until(async () => {
        const status = await this.statusOf(organization, id)
        return status === 'completed' || status === 'cancelled' || status === 'failed'
      }, `campaign ${id} ends`)
  }

  async statusOf(organization: Organization, id: string): Promise<string> {
    const found = await this.stage.call(organization, 'GET', `/api/campaigns/${id}`).catch(() => null)
    return (found as { status: string } | null)?.status ?? 'unreachable'
  }

  violate(text: string): void {
    this.result.violations.push(text)
  }

  /** A limit of time on this machine: longer by what ours waited for a processor, in no case by more than the round lasts. */
  async stretched(ms: number): Promise<number> {
    const stretch = stretchOf(this.#cpuBefore, await this.stage.cpu())
    return ms + Math.min(ms * (stretch - 1), (performance.now() - this.#beganMs) * (1 - 1 / stretch))
  }

  note(name: string, value: number): void {
    this.result.notes[name] = Math.max(this.result.notes[name] ?? 0, value)
  }

  /**
   * Holds the ledgers against what was meant and what the product says of it: I1 nobody lost, I2 doubles listed, I5
   * nothing to or through another organization, I6 sums, I10 figures.
   */
  async account(
    campaign: Launched,
    { isExcused = () => false, audience = campaign.meant.length, own }: Accounting = {},
  ): Promise<readonly Arrival[]> {
    const { channel, meant, marker } = campaign
    const arrivals = await this.arrivals()
    const taken = own ?? arrivals.filter((arrival) => this.#isOf(arrival, campaign))
    this.checkBorders(arrivals)
    const listed = await this.listedAsUnknown(campaign)
    const times = new Map<string, number>()
    for (const { to } of taken) times.set(to, (times.get(to) ?? 0) + 1)
    for (const person of meant)
      this.#judge(`${marker} ${person.email}`, {
        times: times.get(addressOf(person, channel)) ?? 0,
        isListed: listed.has(person.email),
        isExcused: isExcused(person),
      })
    this.result.meant += meant.filter(
      (person) => !isExcused(person) || times.has(addressOf(person, channel)),
    ).length
    this.result.listed += listed.size
    const certain = meant.filter(
      (person) => times.has(addressOf(person, channel)) && !listed.has(person.email),
    )
    await this.#checkFigures(campaign, { audience, listed: listed.size, certain: certain.length })
    return taken
  }

  #judge(
    who: string,
    { times, isListed, isExcused }: { times: number; isListed: boolean; isExcused: boolean },
  ): void {
    const { result } = this
    if (times === 0 && isListed) result.unsure += 1
    if (times === 0 && !isListed && !isExcused) result.lost.push(who)
    if (times > 1) result.doubles += 1
    if (times > 1 && !isListed) result.unlisted.push(`${who} ×${times}`)
  }

  #isOf({ at, said, to }: Arrival, { organization, channel, marker }: Launched): boolean {
    if (at === 'smtp') return channel === 'email' && organization.people.some(({ email }) => email === to)
    return said.startsWith(`${marker} `)
  }

  /** Organization A sends by SMTP and Twilio, B by SendGrid and its gateway: whatever crosses is a leak. */
  checkBorders(arrivals: readonly Arrival[]): void {
    const { a, b } = this.stage
    const addresses = (of: Organization): Set<string> =>
      new Set(of.people.flatMap(({ email, phone }) => [email, phone]))
    const [ofA, ofB] = [addresses(a), addresses(b)]
    for (const { at, to, said } of arrivals) {
      const isA = at === 'smtp' || at === 'twilio'
      if (isA ? ofB.has(to) : ofA.has(to)) this.violate(`${to} was reached through ${at}, not its own`)
      if (said !== '' && said[0] !== (isA ? a : b).name) this.violate(`${at} took "${said.slice(0, 20)}"`)
    }
  }

  async #checkFigures(
    { organization, id }: Launched,
    { audience, listed, certain }: { audience: number; listed: number; certain: number },
  ): Promise<void> {
    let wrong = ''
    const deadline = performance.now() + FIGURES_WITHIN_MS
    do {
      const { figures, sending } = (await this.stage.call(
        organization,
        'GET',
        `/api/campaigns/${id}/report`,
      )) as Report
      const sum =
        figures.skipped +
        figures.heldOut +
        figures.handedOver +
        figures.failed +
        (sending?.waiting ?? 0) +
        (sending?.cancelled ?? 0)
      wrong =
        sum !== figures.audience || figures.audience !== audience
          ? `I6: ${sum} of ${figures.audience} are accounted for, ${audience} were meant`
          : figures.handedOver - listed !== certain
            ? `I10: the report says ${figures.handedOver} with ${listed} unknown, the ledger ${certain} beside them`
            : ''
      if (wrong !== '') await wait(50)
    } while (wrong !== '' && performance.now() < deadline)
    if (wrong !== '') this.violate(wrong)
  }

  /** Whose outcome is or once was unknown: that stays with a message, whatever came of it later. */
  async listedAsUnknown(campaign: Launched): Promise<Set<string>> {
    const listed = new Set<string>()
    for (const state of ['unknown', 'delivered', 'bounced', 'failed'])
      for (const email of await this.peopleOf(campaign, state, 'outcome_unknown')) listed.add(email)
    return listed
  }

  /** E-mail addresses of the people behind a figure. */
  async peopleOf({ organization, id }: Launched, of: string, reason?: string): Promise<string[]> {
    const emails: string[] = []
    let cursor = ''
    do {
      const page = (await this.stage.call(
        organization,
        'GET',
        `/api/campaigns/${id}/people?of=${of}&limit=100${reason === undefined ? '' : `&reason=${reason}`}${cursor}`,
      )) as { items: { email: string }[]; nextCursor: string | null }
      emails.push(...page.items.map(({ email }) => email))
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
    } while (cursor !== '')
    return emails
  }
}

/** What is particular when a campaign is held against the ledgers. */
interface Accounting {
  /** Who may have got nothing: they withdrew, or the rest of the run was called off. Nobody, unless said. */
  isExcused?: (person: Person) => boolean
  /** Everybody whom the campaign looked at, where some of them were not meant to be reached. */
  audience?: number
  /** What the ledgers hold of it, where an address had more than one mail in this round. */
  own?: readonly Arrival[]
}

/** The part of a report that is held against the ledgers. */
export interface Report {
  figures: {
    audience: number
    skipped: number
    heldOut: number
    handedOver: number
    failed: number
    delivered: number
    bounced: number
    unknown: number
  }
  sending: { waiting: number; cancelled: number } | null
}

export const addressOf = (person: Person, channel: Channel): string =>
  channel === 'email' ? person.email : person.phone
