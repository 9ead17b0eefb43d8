/**
 * The port through which mails are shown and filled in again: the room content, two floors up, knows how. It
 * registers itself when its door is loaded.
 */
import type { Ctx } from '../../platform/context.ts'
import type { TokenMessage } from '../token/read.ts'

/** Implemented by the room content. `ctx` acts for the message's organization. */
export interface ViewRenderer {
  /** The mail as its recipient got it, as a whole HTML document, without pixel; null when it cannot be had any more. */
  view(ctx: Ctx, message: TokenMessage): Promise<string | null>
  /** The address of a link with the recipient's values, each encoded; null when they cannot be had any more. */
  url(ctx: Ctx, message: TokenMessage, linkNo: number): Promise<string | null>
}

let registered: ViewRenderer | null = null

/** Called once by the room content when its door is loaded. */
export function registerViewRenderer(renderer: ViewRenderer): void {
  registered = renderer
}

/** The registered renderer; without one there is nothing to show. */
export function viewRenderer(): ViewRenderer {
  return registered ?? { view: async () => null, url: async () => null }
}
