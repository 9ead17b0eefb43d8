import { Building2, Keyboard, Languages, LogOut, Monitor, Moon, Sun, UserRoundCog } from 'lucide-react'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useLanguage } from '../platform/i18n/I18n.tsx'
import { languages } from '../platform/i18n/store.ts'
import { signOut, speak } from '../platform/session.ts'
import { chooseTheme, themes, useTheme } from '../platform/theme.ts'
import { Menu } from '../ui/Menu.tsx'
import { PersonFace } from './Faces.tsx'
import { showShortcutsHelp } from './ShellShortcuts.tsx'

const themeIcons = { system: Monitor, light: Sun, dark: Moon }

/** The person at the foot of the sidebar: theme, language, shortcuts, sign-out. */
export function AccountMenu() {
  const t = useTranslations('app')
  const language = useLanguage()
  const theme = useTheme()
  return (
    <Menu
      label={t('account.label')}
      placement="top start"
      trigger={
        <Button className="flex rounded-md hover:bg-soft">
          <span className="sr-only">{t('account.label')}</span>
          <PersonFace />
        </Button>
      }
      entries={[
        {
          id: 'mine',
          label: t('account.mine'),
          icon: <UserRoundCog aria-hidden />,
          href: '/account',
        },
        {
          id: 'organizations',
          label: t('account.organizations'),
          icon: <Building2 aria-hidden />,
          href: '/organizations',
        },
        'separator' as const,
        ...themes.map((choice) => {
          const Icon = themeIcons[choice]
          return {
            id: `theme-${choice}`,
            label: `${t('theme.label')} · ${t(`theme.${choice}`)}`,
            icon: <Icon aria-hidden />,
            isSelected: theme === choice,
            onAction: () => chooseTheme(choice),
          }
        }),
        'separator' as const,
        ...languages.map((choice) => ({
          id: `language-${choice}`,
          label: t(`language.${choice}`),
          icon: <Languages aria-hidden />,
          isSelected: language === choice,
          onAction: () => void speak(choice),
        })),
        'separator' as const,
        {
          id: 'shortcuts',
          label: t('shortcuts.title'),
          icon: <Keyboard aria-hidden />,
          onAction: showShortcutsHelp,
        },
        {
          id: 'sign-out',
          label: t('account.signOut'),
          icon: <LogOut aria-hidden />,
          onAction: () => void signOut(),
        },
      ]}
    />
  )
}
