/** The door of platform/backup. */
export { writeBackup, type BackupOptions, type BackupReport } from './write.ts'
export { restoreBackup, type RestoreOptions, type RestoreReport } from './restore.ts'
