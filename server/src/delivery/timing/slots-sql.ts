/** Slots as pieces of the statement that resolves a slice. Without slots the pieces are empty and cost nothing. */
import { PLACE_COLUMNS } from '../../contacts/index.ts'
import type { Slots } from './slots.ts'

export interface TimedSql {
  /** What `person` must select besides, with a leading comma. */
  personColumns: string
  /** Joins a person and a picked channel, by its number, to their slot. */
  join(channelNo: string): string
  /** Why a person gets nothing on a picked channel where nothing else speaks against it. */
  dropped: string
  slotNo: string
  /** Joins people who are kept together, under an alias, to their slot's row. */
  slotJoin(kept: string): string
  dueAt(now: string): string
  place: string
  held: string
  values: unknown[]
}

const UNTIMED: TimedSql = {
  personColumns: '',
  join: () => '',
  dropped: 'null',
  slotNo: '0',
  slotJoin: () => '',
  dueAt: (now) => now,
  place: 'null',
  held: 'null',
  values: [],
}

/** @param firstParam the number of the first parameter that is free for them */
export function timedSql(slots: Slots | null, firstParam: number): TimedSql {
  if (slots === null) return UNTIMED
  const param = (nth: number): string => `$${firstParam + nth}`
  const { places } = slots
  return {
    personColumns: `, ${PLACE_COLUMNS}`,
    join: (channelNo) => `
      left join unnest(${param(0)}::int[], ${param(1)}::text[], ${param(2)}::text[], ${param(3)}::text[], ${param(4)}::text[], ${param(5)}::int[], ${param(6)}::text[])
        as at_place (no, time_zone, country, phone, region, slot_no, dropped)
        on at_place.no = ${channelNo} and at_place.time_zone = person.time_zone and at_place.country = person.country
          and at_place.phone = person.phone and at_place.region = person.region`,
    dropped: 'at_place.dropped',
    slotNo: 'coalesce(at_place.slot_no, -1)',
    slotJoin: (kept) => `
      left join unnest(${param(7)}::int[], ${param(8)}::timestamptz[], ${param(9)}::jsonb[], ${param(10)}::jsonb[])
        as slot (nr, slot_due_at, slot_place, slot_held) on slot.nr = ${kept}.slot_no`,
    dueAt: (now) => `coalesce(slot.slot_due_at, ${now})`,
    place: 'slot.slot_place',
    held: 'slot.slot_held',
    values: [
      places.map(({ channelNo }) => channelNo),
      places.map(({ timeZone }) => timeZone),
      places.map(({ country }) => country),
      places.map(({ phone }) => phone),
      places.map(({ region }) => region),
      places.map(({ slotNo }) => slotNo),
      places.map(({ slotNo }) => slots.slots[slotNo]?.dropped ?? null),
      slots.slots.map((_, no) => no),
      slots.slots.map(({ dueAt }) => dueAt),
      slots.slots.map(({ place }) => (place === null ? null : JSON.stringify(place))),
      slots.slots.map(({ held }) => (held === null ? null : JSON.stringify(held))),
    ],
  }
}
