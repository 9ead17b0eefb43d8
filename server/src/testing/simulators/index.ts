/** The simulated providers by name. */
import { MAIL_VENDORS } from './mail-vendors.ts'
import { MESSAGE_VENDORS } from './message-vendors.ts'
import { startSimulator, type Simulator, type SimulatorOptions } from './simulator.ts'
import type { SimulatedVendor } from './vendor.ts'

/** Every provider there is a simulator of, but SMTP, which has its own (`smtp-sink.ts`). */
export const SIMULATED = { ...MAIL_VENDORS, ...MESSAGE_VENDORS } as const satisfies Record<
  string,
  SimulatedVendor
>
export type SimulatedName = keyof typeof SIMULATED

/** Starts one by name. */
export const simulate = (name: SimulatedName, options: SimulatorOptions = {}): Promise<Simulator> =>
  startSimulator(SIMULATED[name], options)

export type { Simulator, SimulatorOptions } from './simulator.ts'
export { faultPlan, NO_FAULTS, type FaultPlan } from './faults.ts'
export type { LedgerEntry } from './ledger.ts'
