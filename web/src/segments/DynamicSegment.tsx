import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { toast } from '../ui/Toast.tsx'
import type { Rule, Segment } from './api.ts'
import { useSaveSegment } from './api.ts'
import { DetailsFields } from './DetailsFields.tsx'
import { LeaveDialog } from '../ui/LeaveDialog.tsx'
import { MemberTable } from './MemberTable.tsx'
import { PreviewPanel } from './PreviewPanel.tsx'
import { RuleBuilder } from './RuleBuilder.tsx'

const EVERYONE: Rule = { all: [] }

/** A segment that follows its rule: the builder, beside it whom it would hold, below it whom it holds. */
export function DynamicSegment({ segment }: { segment: Segment }) {
  const t = useTranslations('segments')
  const refusal = useRefusal('segments.write')
  const isReadOnly = refusal !== undefined || segment.deletedAt !== null
  const saved = { name: segment.name, description: segment.description }
  const [round, setRound] = useState(0)
  const [details, setDetails] = useState(saved)
  const [rule, setRule] = useState<Rule | null>(segment.rule ?? EVERYONE)
  const save = useSaveSegment(segment.id)
  const errors = fieldErrors(save.error)
  const { message } = useErrorText(save.error)
  const isChanged =
    details.name !== saved.name ||
    details.description !== saved.description ||
    JSON.stringify(rule) !== JSON.stringify(segment.rule)
  const missing =
    details.name.trim() === ''
      ? t('form.nameMissing')
      : rule === null
        ? t('form.ruleMissing')
        : isChanged
          ? undefined
          : t('form.unchanged')
  const discard = () => {
    setDetails(saved)
    setRule(segment.rule ?? EVERYONE)
    setRound(round + 1)
    save.reset()
  }
  return (
    <>
      <LeaveDialog isChanged={isChanged && !isReadOnly} />
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="grid min-w-0 grid-cols-1 gap-5">
          {save.isError && (
            <Banner tone="error" title={message}>
              {Object.entries(errors)
                .filter(([path]) => path !== 'name' && path !== 'description')
                .map(([, problem]) => problem)
                .join(' ')}
            </Banner>
          )}
          <Section
            title={t('builder.title')}
            actions={
              <>
                {isChanged && (
                  <Button variant="quiet" onPress={discard}>
                    {t('form.discard')}
                  </Button>
                )}
                <Button
                  variant="primary"
                  isPending={save.isPending}
                  disabledReason={refusal ?? missing}
                  onPress={() =>
                    rule !== null &&
                    save.mutate({ ...details, rule }, { onSuccess: () => toast({ text: t('saved') }) })
                  }
                >
                  {t('form.saveChanges')}
                </Button>
              </>
            }
          >
            <RuleBuilder
              key={round}
              initial={segment.rule ?? EVERYONE}
              onChange={setRule}
              isReadOnly={isReadOnly}
              excludedSegmentId={segment.id}
            />
          </Section>
          <Section title={t('form.details')}>
            <DetailsFields value={details} onChange={setDetails} errors={errors} isReadOnly={isReadOnly} />
          </Section>
        </div>
        <PreviewPanel subject={rule === null ? null : { rule }} />
      </div>
      {segment.deletedAt === null && segment.problems.length === 0 && <MemberTable segment={segment} />}
    </>
  )
}
