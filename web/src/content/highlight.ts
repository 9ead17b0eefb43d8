/** Colours for MJML, HTML and Liquid: a reading by regular expression, good enough to find one's way. */

/** What a piece of the source is. */
export type TokenKind = 'plain' | 'liquid' | 'tag' | 'attribute' | 'string' | 'comment'

/** A run of text of one kind. */
export interface Token {
  kind: TokenKind
  text: string
}

const PIECES =
  /(\{\{.*?\}\}|\{%.*?%\})|(<!--[\s\S]*?(?:-->|$))|(<\/?[\w:-]+)|(\/?>)|([\w:-]+)(?==)|("[^"]*"|'[^']*')/g

/** Splits a source into runs. Quotes count as values of attributes only inside a tag. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let isInTag = false
  const push = (kind: TokenKind, text: string): void => {
    const last = tokens.at(-1)
    if (last?.kind === kind) last.text += text
    else if (text !== '') tokens.push({ kind, text })
  }
  for (const match of source.matchAll(PIECES)) {
    const [text, liquid, comment, tag, end, attribute, string] = match
    push('plain', source.slice(at, match.index))
    at = match.index + text.length
    if (liquid !== undefined) push('liquid', text)
    else if (comment !== undefined) push('comment', text)
    else if (tag !== undefined) {
      isInTag = true
      push('tag', text)
    } else if (end !== undefined) {
      push(isInTag ? 'tag' : 'plain', text)
      isInTag = false
    } else if (attribute !== undefined) push(isInTag ? 'attribute' : 'plain', text)
    else if (string !== undefined && isInTag) pushString(text, push)
    else push('plain', text)
  }
  push('plain', source.slice(at))
  return tokens
}

/** Liquid inside a value keeps its colour. */
function pushString(text: string, push: (kind: TokenKind, text: string) => void): void {
  for (const part of text.split(/(\{\{.*?\}\}|\{%.*?%\})/))
    push(/^\{[{%]/.test(part) ? 'liquid' : 'string', part)
}
