/** The pages of the room contacts, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { Plus, Upload, UserRound } from 'lucide-react'
import type { Command, CommandSource } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'
import { findContacts } from './api.ts'
import { nameOf } from './person.ts'

const page = pages('contacts')

const sorts = ['-createdAt', 'createdAt', 'name', '-name', 'email', '-email'] as const

/** Filters of the list; they live in the address. */
export interface ContactSearch {
  q?: string
  tags?: string
  country?: string
  reach?: 'email' | 'phone' | 'none'
  import?: string
  /** `key:value` of a custom field. */
  attribute?: string
  sort?: (typeof sorts)[number]
  /** The dialog for a new contact is open. */
  new?: true
}

const texts = ['q', 'tags', 'country', 'import', 'attribute'] as const

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/contacts',
  validateSearch: (search): ContactSearch => ({
    ...Object.fromEntries(
      texts.flatMap((key) =>
        typeof search[key] === 'string' && search[key] !== '' ? [[key, search[key]]] : [],
      ),
    ),
    ...(search['reach'] === 'email' || search['reach'] === 'phone' || search['reach'] === 'none'
      ? { reach: search['reach'] }
      : {}),
    ...sortOf(search['sort']),
    ...(search['new'] === true || search['new'] === 'true' ? { new: true as const } : {}),
  }),
  component: page(() => import('./ContactList.tsx'), 'ContactList'),
})

function sortOf(value: unknown): Pick<ContactSearch, 'sort'> {
  const sort = sorts.find((known) => known === value)
  return sort === undefined ? {} : { sort }
}

const profile = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/contacts/$id',
  component: page(() => import('./ContactPage.tsx'), 'ContactPage'),
})

const fields = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/fields',
  component: page(() => import('./FieldsPage.tsx'), 'FieldsPage'),
})

const imports = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/imports',
  component: page(() => import('./imports/ImportList.tsx'), 'ImportList'),
})

const oneImport = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audience/imports/$id',
  component: page(() => import('./imports/ImportPage.tsx'), 'ImportPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [list, profile, fields, imports, oneImport] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = [
  {
    id: 'contacts.new',
    kind: 'action',
    text: 'contacts.commands.new',
    icon: Plus,
    href: '/audience/contacts?new=true',
    permission: 'contacts.write',
  },
  {
    id: 'contacts.import',
    kind: 'action',
    text: 'contacts.commands.import',
    icon: Upload,
    href: '/audience/imports',
    permission: 'contacts.import',
  },
  {
    id: 'contacts.fields',
    kind: 'place',
    text: 'contacts.commands.fields',
    icon: UserRound,
    href: '/audience/fields',
  },
]

/** Things found by typing in the palette. */
export const sources: readonly CommandSource[] = [
  {
    id: 'contacts',
    heading: 'contacts.title',
    icon: UserRound,
    permission: 'contacts.read',
    search: async (text, signal) =>
      (await findContacts(text, signal)).items.map((contact) => ({
        id: contact.id,
        label: nameOf(contact) ?? contact.id,
        href: `/audience/contacts/${contact.id}`,
      })),
  },
]
