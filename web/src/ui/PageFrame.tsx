import { useState } from 'react'
import { cx } from './cx.ts'

/**
 * A whole page of somebody else's in a frame of its own, without scripts, forms or our cookies. What changes is drawn in
 * a new frame: a frame that stands and is given another page adds a step to the browser's history, and Back would go
 * through them one by one instead of leaving. The old one stays until the new one is drawn, so that nothing flickers.
 */
export function PageFrame({
  title,
  html,
  height,
  className,
}: {
  title: string
  html: string
  /** A CSS length. */
  height: string
  className: string
}) {
  const [drawn, setDrawn] = useState(html)
  return (
    <div className={cx('relative overflow-hidden', className)} style={{ height }}>
      {(drawn === html ? [html] : [drawn, html]).map((page) => (
        <iframe
          key={page}
          // The one that is still being drawn is nobody's to read.
          title={page === drawn ? title : ''}
          aria-hidden={page !== drawn}
          sandbox=""
          srcDoc={page}
          onLoad={() => setDrawn(page)}
          className={cx('absolute inset-0 size-full border-0', page !== drawn && 'invisible')}
        />
      ))}
    </div>
  )
}
