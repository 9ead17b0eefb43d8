import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react'
import { Link as AriaLink } from 'react-aria-components'
import { buttonStyle } from './Button.tsx'
import type { ButtonVariant } from './Button.tsx'
import { cx } from './cx.ts'

type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }

/** A link to a page of ours, typed by the route tree: `<Link to="/campaigns/$id" params={{ id }}>…</Link>`. */
export const Link = createLink(
  ({ tone = 'accent', className, ...props }: AnchorProps & { tone?: 'accent' | 'text' }) => (
    <a {...props} className={cx(linkStyle, tones[tone], className)} />
  ),
)

/** A link that looks like a button: `<LinkButton to="/campaigns/new" variant="primary" icon={<Plus />}>…</LinkButton>`. */
export const LinkButton = createLink(
  ({ variant, size, icon, children, className, ...props }: AnchorProps & LinkButtonLook) => (
    <a {...props} className={cx(buttonStyle(variant, size), className)}>
      {icon}
      {children}
    </a>
  ),
)

/** A link to a page of ours whose address is only known at run time; otherwise use Link. */
export function HrefLink({
  href,
  children,
  tone = 'accent',
  isCurrent,
}: {
  href: string
  children: ReactNode
  tone?: 'accent' | 'text'
  /** The page that one is on, for screen readers. */
  isCurrent?: boolean
}) {
  return (
    <AriaLink
      href={href}
      className={cx(linkStyle, tones[tone])}
      {...(isCurrent ? { 'aria-current': 'page' as const } : {})}
    >
      {children}
    </AriaLink>
  )
}

/** A link to somewhere else, in a new tab. */
export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={cx(linkStyle, tones.accent)}>
      {children}
    </a>
  )
}

interface LinkButtonLook {
  variant?: ButtonVariant
  size?: 'md' | 'sm'
  icon?: ReactNode
}

const linkStyle = 'rounded-sm underline-offset-2 hover:underline'

const tones = { accent: 'text-accent-text underline', text: 'font-medium text-text' }
