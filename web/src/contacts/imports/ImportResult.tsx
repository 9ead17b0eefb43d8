import { CircleStop, Download, RotateCcw, Undo2, UsersRound } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card, Section } from '../../ui/Card.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { LinkButton } from '../../ui/Link.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { Stats } from '../../ui/Stat.tsx'
import { Table } from '../../ui/Table.tsx'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import { isAtWork, useActOnImport, useProblems } from './api.ts'
import type { ContactImport, ImportProblems } from './api.ts'
import { ReasonList } from './ReasonList.tsx'
import { useFileProblem } from './refusals.ts'

/** What an import does or did: progress, figures, problems, and the way back. */
export function ImportResult({ found }: { found: ContactImport }) {
  return (
    <>
      {isAtWork(found.state) && <AtWork found={found} />}
      <Outcome found={found} />
      <Figures found={found} />
      <ConsentWords found={found} />
      <Next found={found} />
      <Problems found={found} />
    </>
  )
}

function AtWork({ found }: { found: ContactImport }) {
  const t = useTranslations('contacts.imports')
  const format = useFormat()
  const refusal = useRefusal('contacts.import')
  const act = useActOnImport(found.id)
  const sayWhy = useErrorToast()
  if (found.state === 'undoing')
    return (
      <Card>
        <Progress
          label={t('undoing')}
          value={found.removed + found.restored + found.kept}
          max={found.created + found.updated}
        />
      </Card>
    )
  return (
    <Card>
      <div className="grid gap-3">
        <Progress
          label={t('running')}
          value={found.bytesDone}
          max={found.fileBytes}
          text={t('progress', {
            share: format.percent(found.bytesDone / Math.max(1, found.fileBytes)),
            rows: format.number(found.rowsDone),
          })}
        />
        <p className="flex flex-wrap items-center justify-between gap-3 text-muted">
          {t('runningNote')}
          <Button
            size="sm"
            icon={<CircleStop aria-hidden />}
            disabledReason={refusal}
            isPending={act.isPending}
            onPress={() => act.mutate('cancel', { onError: sayWhy })}
          >
            {t('cancel')}
          </Button>
        </p>
      </div>
    </Card>
  )
}

/** How it ended, in a sentence. */
function Outcome({ found }: { found: ContactImport }) {
  const t = useTranslations('contacts.imports')
  const format = useFormat()
  const problem = useFileProblem()
  const act = useActOnImport(found.id)
  const sayWhy = useErrorToast()
  const refusal = useRefusal('contacts.import')
  switch (found.state) {
    case 'completed':
      return (
        <Banner tone="success" title={t('completed')}>
          {t('completedText', {
            created: format.number(found.created),
            updated: format.number(found.updated),
          })}
        </Banner>
      )
    case 'cancelled':
      return (
        <Banner title={t('states.cancelled')}>
          {t('cancelledText', { rows: format.number(found.rowsDone) })}
        </Banner>
      )
    case 'undone':
      return (
        <Banner title={t('states.undone')}>
          {t('undoneText', {
            removed: format.number(found.removed),
            restored: format.number(found.restored),
            kept: format.number(found.kept),
          })}
        </Banner>
      )
    case 'failed':
      return (
        <Banner
          tone="error"
          title={t('failed', { row: format.number(found.rowsDone) })}
          action={
            <Button
              size="sm"
              icon={<RotateCcw aria-hidden />}
              disabledReason={refusal}
              isPending={act.isPending}
              onPress={() => act.mutate('resume', { onError: sayWhy })}
            >
              {t('resume')}
            </Button>
          }
        >
          {problem(found.failure ?? '') ?? t('refusals.import_interrupted')}
        </Banner>
      )
    case 'draft':
    case 'running':
    case 'undoing':
      return null
  }
}

function Figures({ found }: { found: ContactImport }) {
  const t = useTranslations('contacts.imports')
  const format = useFormat()
  const rows = found.created + found.updated + found.unchanged + found.skipped + found.rejected
  return (
    <Stats
      label={t('figures')}
      items={(['created', 'updated', 'unchanged', 'skipped', 'rejected'] as const).map((count) => ({
        label: t(`counts.${count}`),
        value: format.number(found[count]),
        of: format.rate(found[count], rows),
      }))}
    />
  )
}

function ConsentWords({ found }: { found: ContactImport }) {
  const t = useTranslations('contacts.imports')
  if (found.consentRecorded + found.consentUnproven + found.suppressed === 0) return null
  return (
    <Banner tone={found.consentUnproven > 0 ? 'warning' : 'info'}>
      <ul className="grid gap-1">
        {found.consentRecorded > 0 && <li>{t('consentRecorded', { count: found.consentRecorded })}</li>}
        {found.consentUnproven > 0 && (
          <li>{t('preview.consentUnproven', { count: found.consentUnproven })}</li>
        )}
        {found.suppressed > 0 && <li>{t('suppressed', { count: found.suppressed })}</li>}
      </ul>
    </Banner>
  )
}

/** What one may do now: see the people, or take everything back. */
function Next({ found }: { found: ContactImport }) {
  const t = useTranslations('contacts.imports')
  const format = useFormat()
  const refusal = useRefusal('contacts.import')
  const act = useActOnImport(found.id)
  const isUndoable =
    (found.state === 'completed' || found.state === 'cancelled' || found.state === 'failed') &&
    found.undoUntil !== null
  if (isAtWork(found.state)) return null
  return (
    <div className="flex flex-wrap items-center gap-2">
      {found.created > found.removed && (
        <LinkButton to="/audience/contacts" search={{ import: found.id }} icon={<UsersRound aria-hidden />}>
          {t('seePeople')}
        </LinkButton>
      )}
      {isUndoable && found.undoUntil !== null && (
        <>
          <ConfirmDialog
            title={t('undoTitle')}
            action={t('undo')}
            isDangerous
            onConfirm={() => act.mutateAsync('undo')}
            isPending={act.isPending}
            trigger={
              <Button icon={<Undo2 aria-hidden />} disabledReason={refusal}>
                {t('undo')}
              </Button>
            }
          >
            {t('undoText', { created: format.number(found.created), updated: format.number(found.updated) })}
          </ConfirmDialog>
          <span className="text-sm text-muted">
            {t('undoUntil', { date: format.dateTime(found.undoUntil) })}
          </span>
        </>
      )}
    </div>
  )
}

function Problems({ found }: { found: ContactImport }) {
  const t = useTranslations('contacts.imports')
  const query = useProblems(found)
  if (found.problems === 0 || !query.data) return null
  return (
    <Section
      title={t('problems')}
      note={t('problemsNote', { count: found.problems })}
      actions={
        <Button
          size="sm"
          icon={<Download aria-hidden />}
          onPress={() => location.assign(`/api/contacts/imports/${found.id}/problems.csv`)}
        >
          {t('errorFile')}
        </Button>
      }
    >
      <div className="grid grid-cols-1 gap-5">
        <ReasonList title={t('byReason')} reasons={query.data.reasons} />
        <FirstProblems problems={query.data.first} />
      </div>
    </Section>
  )
}

function FirstProblems({ problems }: { problems: ImportProblems['first'] }) {
  const t = useTranslations('contacts.imports')
  return (
    <Table
      label={t('firstProblems')}
      rows={problems}
      rowKey={({ row, column, reason }) => `${row}:${column}:${reason}`}
      columns={[
        {
          id: 'row',
          title: t('problem.row'),
          isRowHeader: true,
          width: '80px',
          cell: ({ row }) => <span className="figures">{row}</span>,
        },
        { id: 'column', title: t('problem.column'), cell: ({ column }) => (column === '' ? '—' : column) },
        {
          id: 'value',
          title: t('problem.value'),
          cell: ({ value }) => <span className="break-all">{value === '' ? '—' : value}</span>,
        },
        { id: 'sentence', title: t('problem.reason'), cell: ({ sentence }) => sentence },
        {
          id: 'effect',
          title: t('problem.effect'),
          isWideOnly: true,
          cell: ({ isRow }) => t(isRow ? 'problem.rowLeftOut' : 'problem.valueLeftOut'),
        },
      ]}
    />
  )
}
