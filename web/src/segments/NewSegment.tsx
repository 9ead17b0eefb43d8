import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { Page } from '../ui/Page.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { TextArea, TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import type { Rule, SegmentKind } from './api.ts'
import { useCreateSegment } from './api.ts'
import { LeaveDialog } from '../ui/LeaveDialog.tsx'
import { PreviewPanel } from './PreviewPanel.tsx'
import { RuleBuilder } from './RuleBuilder.tsx'
import { StarterCards } from './StarterCards.tsx'
import { classRule, STARTERS } from './starters.ts'

const route = getRouteApi('/shell/audience/segments/new')
const EVERYONE: Rule = { all: [] }
const NAME_LENGTH_MAX = 120

/** A new segment: a name, and a rule or a list; nothing is saved before the button. */
export function NewSegment() {
  const t = useTranslations('segments')
  const navigate = useNavigate()
  const refusal = useRefusal('segments.write')
  const search = route.useSearch()
  const started = STARTERS.find(({ id }) => id === search.start)
  const [start, setStart] = useState({ round: 0, rule: started?.rule ?? classRule(search.start) ?? EVERYONE })
  const [rule, setRule] = useState<Rule | null>(start.rule)
  const [kind, setKind] = useState<SegmentKind>('dynamic')
  const suggested = started === undefined ? '' : t(`starters.${started.id}`)
  const [name, setName] = useState(suggested)
  const [description, setDescription] = useState('')
  const create = useCreateSegment()
  const errors = fieldErrors(create.error)
  const { message } = useErrorText(create.error)
  const missing =
    name.trim() === ''
      ? t('form.nameMissing')
      : kind === 'dynamic' && rule === null
        ? t('form.ruleMissing')
        : undefined
  const save = () =>
    create.mutate(
      { name, description, kind, ...(kind === 'dynamic' ? { rule } : {}) },
      {
        onSuccess: (segment) => {
          toast({ text: t('created', { name: segment.name }) })
          void navigate({ to: '/audience/segments/$id', params: { id: segment.id }, ignoreBlocker: true })
        },
      },
    )
  return (
    <Page
      title={t('new')}
      crumbs={[{ label: t('title'), href: '/audience/segments' }]}
      actions={
        <Button
          variant="primary"
          isPending={create.isPending}
          disabledReason={refusal ?? missing}
          onPress={save}
        >
          {t('form.save')}
        </Button>
      }
    >
      <LeaveDialog isChanged={name !== suggested || description !== '' || rule !== start.rule} />
      {create.isError && (
        <Banner tone="error" title={message}>
          {Object.entries(errors)
            .filter(([path]) => path !== 'name')
            .map(([, problem]) => problem)
            .join(' ')}
        </Banner>
      )}
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="grid min-w-0 grid-cols-1 gap-5">
          <Section title={t('form.details')}>
            <FieldStack>
              <TextField
                label={t('form.name')}
                hint={t('form.nameHint')}
                value={name}
                onChange={setName}
                error={errors['name']}
                maxLength={NAME_LENGTH_MAX}
              />
              <TextArea
                label={t('form.description')}
                isOptional
                value={description}
                onChange={setDescription}
                rows={2}
              />
              <RadioGroup
                look="cards"
                label={t('form.kind')}
                options={(['dynamic', 'static'] as const).map((option) => ({
                  value: option,
                  label: t(`kinds.${option}`),
                  note: t(`kindNotes.${option}`),
                }))}
                value={kind}
                onChange={setKind}
              />
            </FieldStack>
          </Section>
          {kind === 'dynamic' && (
            <Section title={t('builder.title')}>
              <div className="grid grid-cols-1 gap-4">
                <StarterCards
                  onChoose={(starter) => {
                    setStart({ round: start.round + 1, rule: starter.rule })
                    setRule(starter.rule)
                    if (name === '') setName(t(`starters.${starter.id}`))
                  }}
                />
                <RuleBuilder
                  key={start.round}
                  initial={start.rule}
                  onChange={setRule}
                  isReadOnly={refusal !== undefined}
                />
              </div>
            </Section>
          )}
        </div>
        {kind === 'dynamic' && <PreviewPanel subject={rule === null ? null : { rule }} />}
      </div>
    </Page>
  )
}
