import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { useKitText } from '../../ui/text.ts'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import { useDiscardImport, usePreview, useStartImport } from './api.ts'
import type { ColumnMapping, ContactImport, ImportOptions, Target } from './api.ts'
import { ColumnTable } from './ColumnTable.tsx'
import { FileReading } from './FileReading.tsx'
import { ImportRules } from './ImportRules.tsx'
import { PreviewPanel } from './PreviewPanel.tsx'
import { useImportRefusal } from './refusals.ts'
import { useSettled } from '../../platform/use-settled.ts'

/** How long one must rest before the preview is asked again. */
const previewAfterMs = 400

/** Everything that one decides before a file is imported, beside what it will do. */
export function ImportDraft({ found }: { found: ContactImport }) {
  const t = useTranslations('contacts.imports')
  const common = useKitText()
  const navigate = useNavigate()
  const refusal = useRefusal('contacts.import')
  const [options, setOptions] = useState<ImportOptions>(() => startingOptions(found))
  const settled = useSettled(options, previewAfterMs)
  const preview = usePreview(found.id, hasAddress(settled) ? settled : null)
  const start = useStartImport(found.id)
  const discard = useDiscardImport()
  const sayWhy = useErrorToast()
  const problem = useImportRefusal(start.error)
  const change = (next: Partial<ImportOptions>) => setOptions({ ...options, ...next })
  const blocked = hasAddress(options) ? undefined : t('needsAddress')
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-5 xl:grid-cols-[minmax(0,7fr)_minmax(0,4fr)]">
        <div className="grid min-w-0 grid-cols-1 gap-5">
          <FileReading found={found} defaultCountry={options.defaultCountry ?? null} />
          {blocked !== undefined && <Banner tone="warning">{blocked}</Banner>}
          <ColumnTable
            found={found}
            columns={options.columns}
            issues={fieldErrors(start.error ?? preview.error)}
            onChange={(columns) => change({ columns })}
          />
          <ImportRules options={options} onChange={change} />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-5 xl:sticky xl:top-5">
          <PreviewPanel
            preview={preview.data ?? null}
            error={preview.error}
            isCounting={preview.isFetching}
            needsAddress={blocked !== undefined}
          />
          {problem !== null && <Banner tone="error">{problem}</Banner>}
          <div className="flex flex-wrap gap-2">
            <Button
              variant="primary"
              isPending={start.isPending}
              disabledReason={refusal ?? blocked}
              onPress={() => start.mutate(options)}
            >
              {t('start')}
            </Button>
            <Button
              variant="quiet"
              disabledReason={refusal}
              onPress={() =>
                discard.mutate(found.id, {
                  onSuccess: () => void navigate({ to: '/audience/imports' }),
                  onError: sayWhy,
                })
              }
            >
              {common('actions.discard')}
            </Button>
          </div>
        </div>
      </div>
    </>
  )
}

/** What was guessed, as a first decision. */
function startingOptions(found: ContactImport): ImportOptions {
  return {
    // The server gives targets as it takes them.
    columns: found.columns.map(({ target, dateOrder, decimalSign }): ColumnMapping => ({
      target: target as Target,
      dateOrder,
      decimalSign,
    })),
    policy: 'update',
    tags: [],
    defaultCountry: found.defaultCountry,
    consentDate: null,
    consentSource: null,
  }
}

function hasAddress({ columns }: ImportOptions): boolean {
  return columns.some(({ target }) => target === 'email' || target === 'phone')
}
