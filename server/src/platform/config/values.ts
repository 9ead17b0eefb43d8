/** How the text of a setting becomes a value, or says what would have been right. */
import { isIP } from 'node:net'

/** A text that is no value of its setting. The message is the remedy: what to give, with an example. */
export class SettingProblem extends Error {}

/** Reads a setting's text. @throws SettingProblem */
export type ReadSetting<T> = (text: string) => T

/** A whole number between two bounds. */
export function wholeNumber(least: number, most: number, example: number): ReadSetting<number> {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new SettingProblem(`give a whole number from ${least} to ${most}, such as ${example}`)
  }
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): ReadSetting<T> {
  return (text) => {
    const word = words.find((candidate) => candidate === text)
    if (word !== undefined) return word
    throw new SettingProblem(`give one of ${words.join(', ')}`)
  }
}

/** Any text that is not blank. */
export function plainText(example: string): ReadSetting<string> {
  return (text) => {
    if (text.trim() !== '') return text
    throw new SettingProblem(`give a text, such as ${example}`)
  }
}

/** A URL with one of the given schemes, kept as written. */
export function url(schemes: readonly string[], example: string): ReadSetting<string> {
  return (text) => {
    const scheme = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : ''
    if (schemes.includes(scheme)) return text
    throw new SettingProblem(`give a URL that begins with ${schemes.join(':// or ')}://, such as ${example}`)
  }
}

/** The address of a web site: no path, no query, no slash at its end. */
export function webOrigin(example: string): ReadSetting<string> {
  const read = url(['http', 'https'], example)
  return (text) => {
    const parsed = new URL(read(text))
    if (parsed.pathname === '/' && parsed.search === '' && parsed.hash === '') return parsed.origin
    throw new SettingProblem(`give the address without a path, such as ${example}`)
  }
}

/** Addresses or networks, separated by commas. */
export function networks(example: string): ReadSetting<readonly string[]> {
  return (text) => {
    const parts = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    const wrong = parts.find((part) => !isNetwork(part))
    if (wrong === undefined) return Object.freeze(parts)
    throw new SettingProblem(`"${wrong}" is no address or network: give a list such as ${example}`)
  }
}

/** Hosts with ports, separated by commas. */
export function hostPorts(example: string): ReadSetting<readonly string[]> {
  return (text) => {
    const parts = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    const wrong = parts.find((part) => !/^[\w.-]+:\d{1,5}$/.test(part))
    if (wrong === undefined) return Object.freeze(parts)
    throw new SettingProblem(`"${wrong}" is no host with a port: give a list such as ${example}`)
  }
}

/** An e-mail address by its outer form; the sign-in judges the rest. */
export function emailAddress(example: string): ReadSetting<string> {
  return (text) => {
    if (/^[^\s@]+@[^\s@]+$/.test(text)) return text
    throw new SettingProblem(`give an e-mail address, such as ${example}`)
  }
}

function isNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more !== undefined) return false
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
