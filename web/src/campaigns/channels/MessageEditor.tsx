import type { ReactNode } from 'react'
import { useState } from 'react'
import type { MessageSource } from '../../content/api.ts'
import { PreviewAsPicker, type PreviewPerson } from '../../content/PreviewAsPicker.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import type { Campaign } from '../api.ts'
import { InAppFields, SmsFields, WebhookFields, WhatsappFields } from './fields.tsx'
import { MessagePreview } from './MessagePreview.tsx'

/** Contents of channels other than e-mail. */
export type MessageContents = Omit<Campaign['content'], 'email'>
export type MessageChannel = keyof MessageContents

/** What is said on one channel, beside what a person gets of it. */
export function MessageEditor<C extends MessageChannel>({
  channel,
  value,
  onChange,
  isReadOnly,
}: {
  channel: C
  value: MessageContents[C]
  onChange: (value: MessageContents[C]) => void
  isReadOnly: boolean
}) {
  const [person, setPerson] = useState<PreviewPerson>({ as: { sample: 'typical' }, name: '' })
  const source = { channel, ...value } as MessageSource // the union's member of this channel
  const set = (edit: Partial<MessageContents[C]>): void => onChange({ ...value, ...edit })
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_300px]">
      <FieldStack>{fieldsOf(source, set, isReadOnly)}</FieldStack>
      <div className="grid min-w-0 gap-2">
        <div>
          <PreviewAsPicker person={person} onChange={setPerson} />
        </div>
        <MessagePreview source={source} as={person.as} />
      </div>
    </div>
  )
}

function fieldsOf(source: MessageSource, set: (edit: object) => void, isReadOnly: boolean): ReactNode {
  switch (source.channel) {
    case 'sms':
      return <SmsFields value={source} set={set} isReadOnly={isReadOnly} />
    case 'whatsapp':
      return <WhatsappFields value={source} set={set} isReadOnly={isReadOnly} />
    case 'in_app':
      return <InAppFields value={source} set={set} isReadOnly={isReadOnly} />
    case 'webhook':
      return <WebhookFields value={source} set={set} isReadOnly={isReadOnly} />
  }
}
