import { Plus, X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { MessageSource } from '../../content/api.ts'
import { useFormat } from '../../platform/format.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextArea, TextField } from '../../ui/TextField.tsx'
import { WithVariable } from './WithVariable.tsx'

interface FieldsOf<C extends MessageSource['channel']> {
  value: Extract<MessageSource, { channel: C }>
  set: (edit: Partial<Extract<MessageSource, { channel: C }>>) => void
  isReadOnly: boolean
}

const SMS_CHARS_MAX = 1_600
const WHATSAPP_ADVISED_CHARS_MAX = 1_600
const WHATSAPP_CHARS_MAX = 4_096

export function SmsFields({ value, set, isReadOnly }: FieldsOf<'sms'>) {
  const t = useTranslations('campaigns')
  const { text = '' } = value
  const write = (next: string): void => set({ text: next })
  return (
    <>
      <WithVariable text={text} onChange={write} isReadOnly={isReadOnly}>
        <TextArea
          label={t('channels.text')}
          hint={t('channels.smsHint')}
          rows={6}
          maxLength={SMS_CHARS_MAX}
          value={text}
          onChange={write}
          isReadOnly={isReadOnly}
        />
      </WithVariable>
      <Checkbox
        isSelected={value.smartEncoding === true}
        onChange={(smartEncoding) => set({ smartEncoding })}
        isReadOnly={isReadOnly}
      >
        {t('channels.smartEncoding')}
      </Checkbox>
    </>
  )
}

export function WhatsappFields({ value, set, isReadOnly }: FieldsOf<'whatsapp'>) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const { template = '', templateLanguage = 'en', variables = [], text = '' } = value
  return (
    <>
      <TextField
        label={t('channels.template')}
        hint={t('channels.templateHint')}
        value={template}
        onChange={(next) => set({ template: next })}
        isReadOnly={isReadOnly}
        maxLength={512}
      />
      {template !== '' && (
        <>
          <TextField
            label={t('channels.templateLanguage')}
            value={templateLanguage}
            onChange={(next) => set({ templateLanguage: next })}
            isReadOnly={isReadOnly}
            maxLength={20}
          />
          {variables.map((variable, at) => (
            <Line
              key={at}
              remove={isReadOnly ? null : t('channels.removeVariable', { no: at + 1 })}
              onRemove={() => set({ variables: variables.filter((_, index) => index !== at) })}
            >
              <WithVariable
                text={variable}
                onChange={(next) => set({ variables: variables.with(at, next) })}
                isReadOnly={isReadOnly}
                isCompact
              >
                <TextField
                  label={t('channels.variable', { no: at + 1 })}
                  value={variable}
                  onChange={(next) => set({ variables: variables.with(at, next) })}
                  isReadOnly={isReadOnly}
                  maxLength={1_024}
                />
              </WithVariable>
            </Line>
          ))}
          {!isReadOnly && variables.length < 20 && (
            <div>
              <Button
                size="sm"
                icon={<Plus aria-hidden />}
                onPress={() => set({ variables: [...variables, ''] })}
              >
                {t('channels.addVariable')}
              </Button>
            </div>
          )}
        </>
      )}
      {template === '' && (
        <WithVariable text={text} onChange={(next) => set({ text: next })} isReadOnly={isReadOnly}>
          <TextArea
            label={t('channels.text')}
            hint={t('channels.whatsappCount', {
              count: text.length,
              limit: format.number(WHATSAPP_ADVISED_CHARS_MAX),
              most: format.number(WHATSAPP_CHARS_MAX),
            })}
            rows={6}
            maxLength={WHATSAPP_CHARS_MAX}
            value={text}
            onChange={(next) => set({ text: next })}
            isReadOnly={isReadOnly}
          />
        </WithVariable>
      )}
    </>
  )
}

export function InAppFields({ value, set, isReadOnly }: FieldsOf<'in_app'>) {
  const t = useTranslations('campaigns')
  return (
    <>
      <TextField
        label={t('channels.messageTitle')}
        value={value.title ?? ''}
        onChange={(title) => set({ title })}
        isReadOnly={isReadOnly}
        maxLength={120}
      />
      <WithVariable text={value.body ?? ''} onChange={(body) => set({ body })} isReadOnly={isReadOnly}>
        <TextArea
          label={t('channels.body')}
          rows={4}
          value={value.body ?? ''}
          onChange={(body) => set({ body })}
          isReadOnly={isReadOnly}
          maxLength={2_000}
        />
      </WithVariable>
      <TextField
        label={t('channels.actionLabel')}
        isOptional
        value={value.actionLabel ?? ''}
        onChange={(actionLabel) => set({ actionLabel })}
        isReadOnly={isReadOnly}
        maxLength={60}
      />
      <TextField
        label={t('channels.actionUrl')}
        isOptional
        placeholder="https://"
        value={value.actionUrl ?? ''}
        onChange={(actionUrl) => set({ actionUrl })}
        isReadOnly={isReadOnly}
        maxLength={2_000}
      />
      <TextField
        label={t('channels.iconUrl')}
        isOptional
        placeholder="https://"
        value={value.iconUrl ?? ''}
        onChange={(iconUrl) => set({ iconUrl })}
        isReadOnly={isReadOnly}
        maxLength={2_000}
      />
      <TextField
        label={t('channels.imageUrl')}
        isOptional
        placeholder="https://"
        value={value.imageUrl ?? ''}
        onChange={(imageUrl) => set({ imageUrl })}
        isReadOnly={isReadOnly}
        maxLength={2_000}
      />
    </>
  )
}

export function WebhookFields({ value, set, isReadOnly }: FieldsOf<'webhook'>) {
  const t = useTranslations('campaigns')
  const headers = value.headers ?? []
  return (
    <>
      <TextField
        label={t('channels.url')}
        placeholder="https://"
        value={value.url ?? ''}
        onChange={(url) => set({ url })}
        isReadOnly={isReadOnly}
        maxLength={2_000}
      />
      <Select
        label={t('channels.method')}
        options={(['POST', 'PUT', 'PATCH'] as const).map((method) => ({ value: method, label: method }))}
        value={value.method ?? 'POST'}
        onChange={(method) => set({ method })}
        isDisabled={isReadOnly}
      />
      {headers.map((header, at) => (
        <Line
          key={at}
          remove={isReadOnly ? null : t('channels.removeHeader', { no: at + 1 })}
          onRemove={() => set({ headers: headers.filter((_, index) => index !== at) })}
        >
          <div className="grid grid-cols-2 gap-2">
            <TextField
              label={t('channels.headerName')}
              value={header.name}
              onChange={(name) => set({ headers: headers.with(at, { ...header, name }) })}
              isReadOnly={isReadOnly}
              maxLength={100}
            />
            <TextField
              label={t('channels.headerValue')}
              value={header.value}
              onChange={(next) => set({ headers: headers.with(at, { ...header, value: next }) })}
              isReadOnly={isReadOnly}
              maxLength={1_000}
            />
          </div>
        </Line>
      ))}
      {!isReadOnly && headers.length < 20 && (
        <div>
          <Button
            size="sm"
            icon={<Plus aria-hidden />}
            onPress={() =>
              set({ headers: [...headers, { name: `X-Header-${headers.length + 1}`, value: '' }] })
            }
          >
            {t('channels.addHeader')}
          </Button>
        </div>
      )}
      <WithVariable
        text={value.payload ?? ''}
        onChange={(payload) => set({ payload })}
        isReadOnly={isReadOnly}
      >
        <TextArea
          label={t('channels.payload')}
          hint={t('channels.payloadHint')}
          isMonospaced
          rows={8}
          value={value.payload ?? ''}
          onChange={(payload) => set({ payload })}
          isReadOnly={isReadOnly}
          maxLength={64_000}
        />
      </WithVariable>
    </>
  )
}

/** A field of a list, with its way out. */
function Line({
  remove,
  onRemove,
  children,
}: {
  remove: string | null
  onRemove: () => void
  children: React.ReactNode
}) {
  return (
    <div className="flex items-end gap-2">
      <div className="min-w-0 grow">{children}</div>
      {remove !== null && (
        <IconButton label={remove} onPress={onRemove}>
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  )
}
