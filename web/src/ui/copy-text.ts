/**
 * Puts a text on the clipboard; says whether it could. Plain http on a home network has no clipboard of its own,
 * there the old command still works.
 */
export async function copyText(text: string): Promise<boolean> {
  if (isSecureContext)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  // Not by a hidden field: a dialog would take the focus back before the command runs.
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
  }
  document.addEventListener('copy', put)
  const isCopied = document.execCommand('copy')
  document.removeEventListener('copy', put)
  return isCopied
}
