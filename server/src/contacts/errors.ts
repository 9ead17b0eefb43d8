/** What this room refuses, and why. */
import { defineErrors } from '../platform/errors.ts'

/** The room's errors: thrown where found, answered as problem details. */
export const errors = defineErrors('contacts', {
  not_found: { status: 404, message: 'No such contact.' },
  invalid: { status: 400, message: 'Some of the values cannot be stored.' },
  email_taken: {
    status: 409,
    message: 'Another contact already has this e-mail address. Merge the two instead.',
  },
  merge_same: { status: 400, message: 'A contact cannot be merged with itself.' },
  field_not_found: { status: 404, message: 'No such field.' },
  field_key_taken: { status: 409, message: 'A field with this key already exists, perhaps archived.' },
  fields_too_many: { status: 409, message: 'No more fields can be added. Archive some first.' },
  choice_in_use: { status: 409, message: 'This choice is still used by contacts and cannot be removed.' },
  cursor_invalid: { status: 400, message: 'This cursor was not given by this list.' },
  selection_invalid: { status: 400, message: 'This selection cannot be read.' },
  change_not_found: { status: 404, message: 'No such change.' },
  change_not_undoable: { status: 409, message: 'This change can no longer be undone.' },
  import_not_found: { status: 404, message: 'No such import.' },
  import_wrong_state: { status: 409, message: 'The import is not in a state that allows this.' },
  mapping_invalid: {
    status: 400,
    message: 'The columns are not matched to fields in a way that can be imported.',
  },
  file_missing: { status: 400, message: 'No file was sent. Send one CSV file as the part named "file".' },
  file_empty: { status: 400, message: 'The file is empty.' },
  file_too_large: { status: 413, message: 'The file is larger than this installation accepts.' },
  file_is_workbook: {
    status: 415,
    message:
      'This is a spreadsheet workbook, not a CSV file. In the spreadsheet choose "Save as" and the type CSV UTF-8.',
  },
  file_is_compressed: {
    status: 415,
    message: 'This file is compressed. Unpack it and send the CSV file inside.',
  },
  file_not_text: { status: 415, message: 'This file is not text, so it cannot be a CSV file.' },
  encoding_unknown: { status: 415, message: 'The text of this file is in an encoding that cannot be read.' },
  csv_row_too_long: {
    status: 422,
    message:
      'A row of this file is longer than one million characters, so it is not a list of people. Check the file and its line ends.',
  },
  csv_too_many_columns: {
    status: 422,
    message: 'A row of this file has more than 1,000 columns. Check the separator.',
  },
  csv_no_rows: { status: 422, message: 'The file has a header but no rows.' },
})
