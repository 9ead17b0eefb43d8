import { ExternalLink } from './Link.tsx'

/** A link of a message by its words, with its address below; an address that holds variables leads nowhere yet. */
export function NamedLink({ url, label }: { url: string; label: string }) {
  return (
    <span className="grid min-w-0">
      {label !== '' && <span className="truncate">{label}</span>}
      <span className="truncate text-sm font-normal text-muted">
        {url.includes('{') ? url : <ExternalLink href={url}>{url}</ExternalLink>}
      </span>
    </span>
  )
}
