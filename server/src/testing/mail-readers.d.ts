/** The parts of the independent mail readers that tests use; neither package brings types for them. */
declare module 'mailauth/lib/dkim/verify.js' {
  export interface DkimResult {
    selector: string
    status: { result: string }
    signingHeaders: { keys: string }
  }
  export function dkimVerify(
    mail: Buffer,
    options: { resolver: (name: string, type: string) => Promise<string[][]> },
  ): Promise<{ results: DkimResult[] }>
}

declare module 'mailparser' {
  interface Addresses {
    value: { address?: string; name: string }[]
    text: string
  }
  export interface ParsedMail {
    headers: Map<string, unknown>
    headerLines: readonly { key: string; line: string }[]
    subject?: string
    from?: Addresses
    to?: Addresses | Addresses[]
    date?: Date
    messageId?: string
    text?: string
    html: string | false
  }
  export function simpleParser(mail: Buffer | string): Promise<ParsedMail>
}
