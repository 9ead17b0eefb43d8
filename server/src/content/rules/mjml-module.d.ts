/** mjml 5 brings no types, and those of its fourth version describe a synchronous function. */
declare module 'mjml' {
  interface MjmlOptions {
    validationLevel?: 'strict' | 'soft' | 'skip'
    fonts?: Record<string, string>
    keepComments?: boolean
  }
  interface MjmlError {
    line: number
    message: string
    tagName: string
    formattedMessage: string
  }
  const mjml2html: (source: string, options?: MjmlOptions) => Promise<{ html: string; errors: MjmlError[] }>
  export default mjml2html
}
