import { useTranslations } from 'use-intl'
import { Banner } from '../../ui/Banner.tsx'
import { Section } from '../../ui/Card.tsx'
import { Select } from '../../ui/Select.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { useReadAgain } from './api.ts'
import type { ContactImport, Reading } from './api.ts'
import { useImportRefusal } from './refusals.ts'

const encodings = [
  ['utf-8', 'UTF-8'],
  ['windows-1252', 'Windows-1252 (Latin 1)'],
  ['utf-16le', 'UTF-16 LE'],
  ['utf-16be', 'UTF-16 BE'],
  ['iso-8859-15', 'ISO-8859-15 (Latin 9)'],
  ['macintosh', 'Mac Roman'],
  ['windows-1250', 'Windows-1250'],
  ['iso-8859-2', 'ISO-8859-2'],
  ['windows-1251', 'Windows-1251'],
  ['windows-1253', 'Windows-1253'],
  ['windows-1254', 'Windows-1254'],
  ['shift_jis', 'Shift JIS'],
  ['gb18030', 'GB 18030'],
  ['big5', 'Big5'],
  ['euc-kr', 'EUC-KR'],
] as const

/** How the file is written: found out, and changed here when it was found out wrongly. */
export function FileReading({
  found,
  defaultCountry,
}: {
  found: ContactImport
  defaultCountry: string | null
}) {
  const t = useTranslations('contacts.imports.reading')
  const again = useReadAgain(found.id)
  const problem = useImportRefusal(again.error)
  const read = (wanted: Reading) => again.mutate({ defaultCountry, ...wanted })
  return (
    <Section title={t('title')} note={t('about')}>
      {problem !== null && <Banner tone="error">{problem}</Banner>}
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <Select
          label={t('encoding')}
          className="w-52"
          options={encodings.map(([value, label]) => ({ value, label }))}
          value={found.encoding}
          onChange={(encoding) => read({ encoding })}
          isDisabled={again.isPending}
        />
        <Select
          label={t('separator')}
          className="w-44"
          options={([',', ';', '\t', '|'] as const).map((value) => ({
            value,
            label: t(`separators.${names[value]}`),
          }))}
          value={found.separator}
          onChange={(separator) => read({ separator })}
          isDisabled={again.isPending}
        />
        <Switch
          isSelected={found.hasHeader}
          onChange={(hasHeader) => read({ hasHeader })}
          isDisabled={again.isPending}
        >
          {t('header')}
        </Switch>
      </div>
    </Section>
  )
}

const names = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const
