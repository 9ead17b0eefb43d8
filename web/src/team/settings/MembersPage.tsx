import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { ShieldCheck, UserRoundPlus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal, useSession } from '../../platform/session.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { DisabledReason } from '../../ui/DisabledReason.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { RowMenu } from '../../ui/Menu.tsx'
import { Select } from '../../ui/Select.tsx'
import { Table } from '../../ui/Table.tsx'
import type { TableColumn } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { Tooltip } from '../../ui/Tooltip.tsx'
import { useChangeRole, useMembers, useRemoveMember } from '../api.ts'
import type { Member } from '../api.ts'
import { useRefusalText } from '../refusals.ts'
import { OpenInvitations } from './OpenInvitations.tsx'
import { ROLES } from './roles.ts'
import { SettingsFrame } from './SettingsFrame.tsx'

const InviteDialog = lazy(() =>
  import('./InviteDialog.tsx').then((module) => ({ default: module.InviteDialog })),
)
const membersRoute = getRouteApi('/shell/settings/members')

/** Who works here, in which role, and who is invited. */
export function MembersPage() {
  const t = useTranslations('team.members')
  const refusal = useRefusal('members.write')
  const { invite } = membersRoute.useSearch()
  const navigate = useNavigate({ from: '/settings/members' })
  const members = useMembers()
  const setInviting = (isOpen: boolean) =>
    void navigate({ search: isOpen ? { invite: true } : {}, replace: true })
  return (
    <SettingsFrame
      title={t('title')}
      subtitle={members.data && t('subtitle', { count: members.data.length })}
      actions={
        <Button
          variant="primary"
          icon={<UserRoundPlus aria-hidden />}
          disabledReason={refusal}
          onPress={() => setInviting(true)}
        >
          {t('invite')}
        </Button>
      }
    >
      {members.error ? (
        <ErrorState error={members.error} onRetry={members.refetch} />
      ) : (
        <MemberTable members={members.data} />
      )}
      <OpenInvitations />
      <Suspense>
        {refusal === undefined && <InviteDialog isOpen={invite === true} onOpenChange={setInviting} />}
      </Suspense>
    </SettingsFrame>
  )
}

function MemberTable({ members }: { members: readonly Member[] | undefined }) {
  const t = useTranslations('team.members')
  const format = useFormat()
  const { person } = useSession()
  const [removing, setRemoving] = useState<Member | null>(null)
  const refusalFor = useMemberRefusal()
  const columns: TableColumn<Member>[] = [
    {
      id: 'name',
      title: t('name'),
      isRowHeader: true,
      cell: (member) => (
        <span className="flex min-w-0 items-center gap-2.5">
          <Avatar name={member.name} size="sm" />
          <span className="grid min-w-0">
            <span className="truncate font-medium">
              {member.name}
              {member.personId === person.id && <span className="font-normal text-muted"> ({t('you')})</span>}
            </span>
            <span className="truncate text-sm text-muted">{member.email}</span>
          </span>
          {member.hasSecondFactor && (
            <Tooltip text={t('secondFactor')}>
              <ShieldCheck aria-label={t('secondFactor')} className="size-4 shrink-0 text-green" />
            </Tooltip>
          )}
        </span>
      ),
    },
    { id: 'role', title: t('role'), cell: (member) => <RoleSelect member={member} /> },
    { id: 'joined', title: t('joined'), cell: (member) => format.date(member.joinedAt), isWideOnly: true },
  ]
  return (
    <>
      <Table
        label={t('title')}
        columns={columns}
        rows={members}
        rowKey={(member) => member.personId}
        rowActions={(member) => (
          <RowMenu
            entries={[
              {
                id: 'remove',
                label: t('remove'),
                isDangerous: true,
                disabledReason: member.personId === person.id ? t('self') : refusalFor(member),
                onAction: () => setRemoving(member),
              },
            ]}
          />
        )}
      />
      {removing && <RemoveMember member={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

/** Why the reader may not touch a member; `undefined` when they may. */
function useMemberRefusal(): (member: Member) => string | undefined {
  const t = useTranslations('team.members')
  const { role } = useSession()
  const refusal = useRefusal('members.write')
  return (member) => refusal ?? (member.role === 'owner' && role !== 'owner' ? t('ownerOnly') : undefined)
}

function RoleSelect({ member }: { member: Member }) {
  const t = useTranslations('team.members')
  const roles = useTranslations('app.roles')
  const { role: ownRole } = useSession()
  const change = useChangeRole()
  const refusal = useMemberRefusal()(member)
  const error = useRefusalText(change.error)
  return (
    <DisabledReason reason={refusal}>
      <Select
        label={t('changeRole', { name: member.name })}
        isLabelHidden
        isCompact
        options={ROLES.filter(
          (role) => role !== 'owner' || ownRole === 'owner' || member.role === 'owner',
        ).map((role) => ({
          value: role,
          label: roles(role),
          note: t(role),
        }))}
        value={member.role}
        error={error}
        isDisabled={change.isPending}
        onChange={(role) =>
          change.mutate(
            { personId: member.personId, role },
            { onSuccess: () => toast({ text: t('changed', { name: member.name, role: roles(role) }) }) },
          )
        }
      />
    </DisabledReason>
  )
}

function RemoveMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations('team.members')
  const remove = useRemoveMember()
  return (
    <ConfirmDialog
      title={t('removeTitle', { name: member.name })}
      action={t('remove')}
      isDangerous
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isPending={remove.isPending}
      onConfirm={() =>
        remove.mutateAsync(member.personId).then(() => toast({ text: t('removed', { name: member.name }) }))
      }
    >
      {t('removeText')}
    </ConfirmDialog>
  )
}
