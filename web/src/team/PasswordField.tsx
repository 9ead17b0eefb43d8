import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { IconButton } from '../ui/IconButton.tsx'
import { TextField } from '../ui/TextField.tsx'

/** A password as one types it, and may look at it. `isNew` lets password managers offer one. */
export function PasswordField({
  label,
  value,
  onChange,
  error,
  isNew,
  autoFocus,
  name = 'password',
}: {
  label: string
  value: string
  onChange: (value: string) => void
  error?: string | undefined
  isNew?: boolean
  autoFocus?: boolean
  name?: string
}) {
  const t = useTranslations('team.password')
  const [isShown, setShown] = useState(false)
  return (
    <div className="relative">
      <TextField
        label={label}
        type={isShown ? 'text' : 'password'}
        name={name}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        value={value}
        onChange={onChange}
        error={error}
        isRequired
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing that this step asks for
        autoFocus={autoFocus ?? false}
        {...(isNew ? { hint: t('hint') } : {})}
      />
      <span className="absolute top-[25px] right-0.5">
        <IconButton size="sm" label={isShown ? t('hide') : t('show')} onPress={() => setShown(!isShown)}>
          {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </IconButton>
      </span>
    </div>
  )
}
