import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FileDrop } from '../ui/FileDrop.tsx'
import { Progress } from '../ui/Progress.tsx'
import { TextArea } from '../ui/TextField.tsx'
import { useAddMembers } from './api.ts'
import { addressesIn, inBatches } from '../contacts/addresses.ts'

const FILE_BYTES_MAX = 50_000_000

interface Outcome {
  added: number
  alreadyIn: number
  unknown: string[]
}

/** Puts many people on a list by their addresses, pasted or from a file; says whom nobody knows. */
export function AddByAddress({ segmentId }: { segmentId: string }) {
  const t = useTranslations('segments')
  const format = useFormat()
  const [text, setText] = useState('')
  const [done, setDone] = useState<number | null>(null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const add = useAddMembers(segmentId)
  const { message } = useErrorText(add.error)
  const addresses = addressesIn(text)

  const run = async () => {
    const total: Outcome = { added: 0, alreadyIn: 0, unknown: [] }
    setOutcome(null)
    setDone(0)
    try {
      let sent = 0
      for (const batch of inBatches(addresses)) {
        // One after the other: each answer says how far it is, and a failure keeps what was added before.
        const answer = await add.mutateAsync({ addresses: batch })
        total.added += answer.added
        total.alreadyIn += answer.alreadyIn
        total.unknown.push(...answer.unknown)
        sent += batch.length
        setDone(sent)
      }
      setText(total.unknown.join('\n'))
    } catch {
      // The mutation holds the error; the banner says it.
    }
    setOutcome(total)
    setDone(null)
  }

  return (
    <Dialog
      title={t('members.pasteTitle')}
      trigger={<Button>{t('members.paste')}</Button>}
      isKeptOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) return
        setText('')
        setOutcome(null)
        add.reset()
      }}
      footer={
        <Button
          variant="primary"
          isPending={done !== null}
          isDisabled={addresses.length === 0}
          onPress={() => void run()}
        >
          {t('members.add', { count: addresses.length })}
        </Button>
      }
    >
      <div className="grid grid-cols-1 gap-4">
        {add.isError && <Banner tone="error" title={message} />}
        {outcome !== null && (
          <Banner
            tone={outcome.unknown.length === 0 ? 'success' : 'warning'}
            title={t('members.added', { added: outcome.added, alreadyIn: outcome.alreadyIn })}
          >
            {outcome.unknown.length > 0 && (
              <p>
                {t('members.unknown', { count: outcome.unknown.length })}. {t('members.unknownHint')}
              </p>
            )}
          </Banner>
        )}
        <TextArea
          label={t('members.pasteLabel')}
          hint={t('members.pasteHint')}
          rows={8}
          isMonospaced
          value={text}
          onChange={setText}
        />
        <FileDrop
          label={t('members.pasteFile')}
          hint={t('members.pasteFile')}
          accept={['.csv', '.txt', 'text/csv', 'text/plain']}
          bytesMax={FILE_BYTES_MAX}
          onFile={(file) => void file.text().then(setText)}
        />
        {done !== null && (
          <Progress
            label={t('members.pasteTitle')}
            value={done}
            max={addresses.length}
            text={t('members.adding', { done: format.number(done), total: format.number(addresses.length) })}
          />
        )}
      </div>
    </Dialog>
  )
}
