/** The pages of the room content, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { FileText } from 'lucide-react'
import type { Command, CommandSource } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'

const page = pages('content')

const gallery = createRoute({
  getParentRoute: () => shellRoute,
  path: '/content',
  component: page(() => import('./TemplateGallery.tsx'), 'TemplateGallery'),
})

const one = createRoute({
  getParentRoute: () => shellRoute,
  path: '/content/$id',
  component: page(() => import('./TemplatePage.tsx'), 'TemplatePage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [gallery, one] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = []

/** Things found by typing in the palette. */
export const sources: readonly CommandSource[] = [
  {
    id: 'content',
    heading: 'content.gallery.title',
    icon: FileText,
    permission: 'content.read',
    search: async (text, signal) => {
      // Loaded with the palette's first search: the shell does without the room's client.
      const { findTemplates } = await import('./api.ts')
      const { items } = await findTemplates(text, signal)
      return items.map(({ id, name }) => ({ id, label: name, href: `/content/${id}` }))
    },
  },
]
