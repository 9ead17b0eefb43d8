/** A name for what is handed over and kept in no ledger. */
import { hash } from 'node:crypto'
import type { Ctx } from '../../platform/context.ts'
import { newUuid } from '../../platform/ids.ts'

/** Of the form of a message's name, and signed by nobody: what is told of it later is about no message. */
export const nobodysName = (ctx: Ctx): string => hash('sha256', newUuid(ctx.now()), 'base64url').slice(0, 40)
