/** The pages of the room campaigns, and what it offers in the palette. */
import type { ComponentType } from 'react'
import type { Command, CommandSource } from '../platform/commands.ts'

/** Pages inside the shell; see web/README.md. */
export const routes = [] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = []

/** Things found by typing in the palette. */
export const sources: readonly CommandSource[] = []

/** Sentences above every page, each lazy. */
export const banners: readonly ComponentType[] = []
