/** What can be wrong with a question to reports. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('reports', {
  campaign_not_found: { status: 404, message: 'No such campaign.' },
  run_not_found: { status: 404, message: 'No such run of this campaign.' },
  advice_gone: {
    status: 409,
    message:
      'This is not recommended any more, or cannot be used like that. Look at the recommendations again.',
  },
  period_invalid: { status: 400, message: 'The period ends before it begins, or is longer than five years.' },
  saved_not_found: { status: 404, message: 'No such saved report.' },
  anomaly_not_found: { status: 404, message: 'No such anomaly.' },
  cursor_invalid: { status: 400, message: 'The cursor is not one of ours. Begin with the first page.' },
  members_only: {
    status: 403,
    message: 'Mails go to members of an organization. Choose one first.',
  },
  spend_file_not_text: {
    status: 400,
    message: 'This file is not text, so it cannot be a CSV file.',
  },
  spend_file_too_long: { status: 400, message: 'The file has more than 5,000 rows. Cut it in two.' },
  spend_rows_wrong: {
    status: 400,
    message: 'Some rows cannot be read. Correct them, or leave them out; the preview says what is wrong.',
  },
  spend_file_empty: { status: 400, message: 'The file holds nothing that is not written down already.' },
  share_not_found: { status: 404, message: 'No such link.' },
  too_many: {
    status: 409,
    message: 'There are as many as may be kept. Remove one that is no longer needed.',
  },
  recipients_invalid: {
    status: 400,
    message: 'Reports are mailed to members. Invite the person, or give them a link to share.',
  },
})
