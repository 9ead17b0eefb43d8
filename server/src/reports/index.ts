/** The door of the room reports: what campaigns earned and what can be learnt from them. */
import { room } from '../platform/room.ts'
import { routes } from './routes.ts'

export const reports = room('reports', { routes })
