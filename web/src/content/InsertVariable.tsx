import { Braces } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { ComboBox } from '../ui/ComboBox.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import { InlineCode } from '../ui/CodeBlock.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { Variable } from './api.ts'
import { useVariables } from './api.ts'
import { liquidOf } from './liquid-of.ts'

/** A variable chosen by name, with what to say for people who lack it: nobody writes braces by hand. */
export function InsertVariable({
  onInsert,
  isCompact,
}: {
  onInsert: (liquid: string) => void
  isCompact?: boolean
}) {
  const t = useTranslations('content')
  const trigger: ReactElement = isCompact ? (
    <IconButton label={t('variables.insert')} size="sm">
      <Braces aria-hidden />
    </IconButton>
  ) : (
    <Button size="sm" icon={<Braces aria-hidden />}>
      {t('variables.insert')}
    </Button>
  )
  return (
    <Popover label={t('variables.insert')} trigger={trigger}>
      {({ close }) => (
        <VariableForm
          onInsert={(liquid) => {
            close()
            onInsert(liquid)
          }}
        />
      )}
    </Popover>
  )
}

function VariableForm({ onInsert }: { onInsert: (liquid: string) => void }) {
  const t = useTranslations('content')
  const { data } = useVariables()
  const label = useVariableLabel()
  const [name, setName] = useState<string | null>('contact.first_name')
  const [fallback, setFallback] = useState('')
  const variable = data?.items.find((candidate) => candidate.name === name)
  const liquid = variable ? liquidOf(variable, fallback) : null
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (liquid !== null) onInsert(liquid)
      }}
    >
      <ComboBox
        label={t('variables.variable')}
        options={(data?.items ?? []).map((item) => ({
          value: item.name,
          label: label(item),
          note: item.name,
        }))}
        value={name}
        onChange={setName}
      />
      {variable?.optional && (
        <TextField
          label={t('variables.fallback')}
          hint={t('variables.fallbackHint')}
          value={fallback}
          onChange={setFallback}
        />
      )}
      {liquid !== null && <InlineCode>{liquid}</InlineCode>}
      <Button type="submit" variant="primary" isDisabled={liquid === null}>
        {t('variables.do')}
      </Button>
    </form>
  )
}

/** How a variable is called: own fields by their name, standard ones by ours. */
export function useVariableLabel(): (variable: Variable) => string {
  const t = useTranslations('content')
  const standard: Record<string, string> = {
    'contact.first_name': t('variables.first_name'),
    'contact.last_name': t('variables.last_name'),
    'contact.email': t('variables.email'),
    'contact.phone': t('variables.phone'),
    'contact.city': t('variables.city'),
    'contact.country': t('variables.country'),
    'contact.language': t('variables.language'),
    'contact.time_zone': t('variables.time_zone'),
    'contact.birthday': t('variables.birthday'),
    'contact.subscription_tier': t('variables.subscription_tier'),
    'contact.subscription_status': t('variables.subscription_status'),
    'contact.tags': t('variables.tags'),
    'organization.name': t('variables.organization_name'),
    'organization.postal_address': t('variables.postal_address'),
    'campaign.name': t('variables.campaign_name'),
    unsubscribe_url: t('variables.unsubscribe_url'),
    preferences_url: t('variables.preferences_url'),
    view_in_browser_url: t('variables.view_in_browser_url'),
  }
  return ({ name, label }) =>
    label !== null && name.startsWith('event.')
      ? t('variables.ofEvent', { name: label })
      : (label ?? standard[name] ?? name)
}
