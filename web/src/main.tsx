import './ui/theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { loadMessages } from './platform/i18n/store.ts'
import { listenToShortcuts } from './platform/shortcuts.ts'
import { reloadAfterUpgrade } from './platform/upgrade.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

listenToShortcuts()
reloadAfterUpgrade()
await loadMessages('ui', 'app')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
