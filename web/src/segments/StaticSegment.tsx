import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { Card, Section } from '../ui/Card.tsx'
import { LeaveDialog } from '../ui/LeaveDialog.tsx'
import { toast } from '../ui/Toast.tsx'
import { AddByAddress } from './AddByAddress.tsx'
import type { Segment } from './api.ts'
import { useSaveSegment, useSegmentPreview } from './api.ts'
import { DetailsFields } from './DetailsFields.tsx'
import { MemberTable } from './MemberTable.tsx'
import { PersonSearch } from './PersonSearch.tsx'
import { MakeUp } from './PreviewPanel.tsx'
import { SizeText } from './SizeText.tsx'

/** A list: its people, added one by one or by address, and what they are. */
export function StaticSegment({ segment }: { segment: Segment }) {
  const t = useTranslations('segments')
  const refusal = useRefusal('segments.write')
  const isReadOnly = refusal !== undefined || segment.deletedAt !== null
  const saved = { name: segment.name, description: segment.description }
  const [details, setDetails] = useState(saved)
  const save = useSaveSegment(segment.id)
  const isChanged = details.name !== saved.name || details.description !== saved.description
  const missing =
    details.name.trim() === '' ? t('form.nameMissing') : isChanged ? undefined : t('form.unchanged')
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_320px]">
      <LeaveDialog isChanged={isChanged && !isReadOnly} />
      <div className="grid min-w-0 grid-cols-1 gap-5">
        {segment.deletedAt === null && (
          <MemberTable
            segment={segment}
            actions={
              isReadOnly ? undefined : (
                <>
                  <PersonSearch segmentId={segment.id} />
                  <AddByAddress segmentId={segment.id} />
                </>
              )
            }
          />
        )}
        <Section
          title={t('form.details')}
          actions={
            <Button
              isPending={save.isPending}
              disabledReason={refusal ?? missing}
              onPress={() => save.mutate(details, { onSuccess: () => toast({ text: t('saved') }) })}
            >
              {t('form.saveChanges')}
            </Button>
          }
        >
          <DetailsFields
            value={details}
            onChange={setDetails}
            errors={fieldErrors(save.error)}
            isReadOnly={isReadOnly}
          />
        </Section>
      </div>
      {segment.deletedAt === null && <WhoIsOnIt segment={segment} />}
    </div>
  )
}

function WhoIsOnIt({ segment }: { segment: Segment }) {
  const t = useTranslations('segments')
  const preview = useSegmentPreview(segment.id)
  if (preview.data === undefined) return null
  return (
    <div className="grid grid-cols-1 gap-5">
      <Card>
        <h2 className="text-muted">{t('preview.size')}</h2>
        <SizeText size={preview.data.size} isStale={false} isCounting={preview.isFetching} />
      </Card>
      <MakeUp makeUp={preview.data.makeUp} />
    </div>
  )
}
