import { describe, expect, test } from 'vitest'
import { sanitise, sanitiseForFrame } from './sanitise.ts'

describe('a mail shown inside our pages', () => {
  test.each([
    ['<p>a<script>alert(1)</script>b</p>', '<p>ab</p>'],
    ['<p>a<SCRIPT/x>alert(1)</script >b', '<p>ab'],
    ['<script>never closed', ''],
    ['<p onclick="x()" title=\'a"b\'>x</p>', '<p title="a&#34;b">x</p>'],
    ['<img src=x onerror=alert(1)>', '<img>'],
    ['<a href="java&#10;script:alert(1)">x</a>', '<a>x</a>'],
    ['<a href=" javascript:alert(1)">x</a>', '<a>x</a>'],
    ['<a href="https://a.example/?a=1&amp;b=2">x</a>', '<a href="https://a.example/?a=1&amp;b=2">x</a>'],
    ['<iframe src="https://e.example"><p>in</p></iframe>after', 'after'],
    ['<svg><svg><a/></svg><script>1</script></svg>after', 'after'],
    ['<form action="https://e.example"><input name="a"><b>x</b></form>y', 'y'],
    ['a<!-- c --><!--[if mso]><script>1</script><![endif]-->b', 'ab'],
    ['<meta http-equiv="refresh" content="0;url=https://e.example"><base href="https://e.example">x', 'x'],
    ['<img src="data:image/png;base64,AAAA" alt="x">', '<img src="data:image/png;base64,AAAA" alt="x">'],
    ['<img src="data:text/html,x">', '<img>'],
  ])('%s', (given, expected) => expect(sanitise(given)).toBe(expected))

  test('carries a policy that lets nothing run or load but pictures and styles', () => {
    expect(sanitiseForFrame('<html><head><title>x</title></head></html>', 'light')).toContain(
      '<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src',
    )
  })

  test('shows the colours of the theme that was asked for', () => {
    const html = '<style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style>'
    expect(sanitiseForFrame(html, 'dark')).toContain('@media all {')
    expect(sanitiseForFrame(html, 'light')).toContain('@media not all {')
  })
})
