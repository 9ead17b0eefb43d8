/** The rooms in floor order: the only list of them. */
import type { Room } from './platform/room.ts'

/** Everything Fanfare answers, does in the background and listens to. */
export const rooms: readonly Room[] = []
