import { Plus, Trash2 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useTopicOptions } from '../consent/use-topic-options.ts'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { FieldRow } from '../ui/Field.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextField.tsx'
import type { FormDraft } from './api.ts'

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app'] as const
const PURPOSES = ['marketing', 'tracking_open', 'tracking_click'] as const
type Box = FormDraft['boxes'][number]

/** The boxes that people may tick, each with its channel and its wording. None can be ticked beforehand. */
export function BoxesEditor({
  boxes,
  issues,
  onChange,
}: {
  boxes: Box[]
  issues: Record<string, string>
  onChange: (boxes: Box[]) => void
}) {
  const t = useTranslations('pages.editor')
  const consent = useTranslations('consent')
  const topics = useTopicOptions(null)
  const change = (position: number, part: Partial<Box>) =>
    onChange(boxes.map((box, at) => (at === position ? { ...box, ...part } : box)))
  return (
    <Section
      title={t('boxes')}
      note={t('boxesNote')}
      actions={
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          onPress={() => onChange([...boxes, { key: freeKey(boxes), channel: 'email', wording: {} }])}
        >
          {t('addBox')}
        </Button>
      }
    >
      {boxes.length === 0 && <p className="text-muted">{t('noBoxes')}</p>}
      <ul className="grid gap-5">
        {boxes.map((box, position) => (
          <li key={box.key} className="grid gap-3 border-l-2 border-line pl-4">
            <div className="flex flex-wrap items-end gap-3">
              <Select
                className="min-w-32 flex-1"
                label={t('channel')}
                options={CHANNELS.map((value) => ({ value, label: consent(`channels.${value}`) }))}
                value={box.channel}
                onChange={(channel) => change(position, { channel })}
                error={issues[`definition.boxes.${position}.channel`]}
              />
              <Select
                className="min-w-32 flex-1"
                label={t('purpose')}
                options={PURPOSES.map((value) => ({ value, label: consent(`purposes.${value}`) }))}
                value={PURPOSES.find((known) => known === box.purpose) ?? 'marketing'}
                onChange={(purpose) => change(position, { purpose, topic: null })}
              />
              {topics.length > 0 && (box.purpose ?? 'marketing') === 'marketing' && (
                <Select
                  className="min-w-32 flex-1"
                  label={t('topic')}
                  options={[{ value: '', label: t('anyTopic') }, ...topics]}
                  value={box.topic ?? ''}
                  onChange={(topic) => change(position, { topic: topic === '' ? null : topic })}
                  error={issues[`definition.boxes.${position}.topic`]}
                />
              )}
              <IconButton
                label={t('removeBox')}
                onPress={() => onChange(boxes.filter((_, at) => at !== position))}
              >
                <Trash2 aria-hidden />
              </IconButton>
            </div>
            <FieldRow>
              <TextArea
                label={t('wordingEn')}
                value={box.wording.en ?? ''}
                onChange={(en) => change(position, { wording: { ...box.wording, en } })}
                error={issues[`definition.boxes.${position}.wording.en`]}
              />
              <TextArea
                label={t('wordingFr')}
                value={box.wording.fr ?? ''}
                onChange={(fr) => change(position, { wording: { ...box.wording, fr } })}
                error={issues[`definition.boxes.${position}.wording.fr`]}
              />
            </FieldRow>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Keys stay once people have ticked the box: they are made, not typed. */
function freeKey(boxes: readonly Box[]): string {
  const taken = new Set(boxes.map(({ key }) => key))
  let number = boxes.length + 1
  while (taken.has(`box-${number}`)) number += 1
  return `box-${number}`
}
