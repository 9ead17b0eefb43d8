import { expect, test } from 'vitest'
import { ApiError, fieldErrors, problemFrom } from './problem.ts'

const answer = (body: string, status: number) =>
  new Response(body, { status, headers: { 'content-type': 'application/problem+json' } })

test('refused fields reach the form by their path', async () => {
  const problem = {
    code: 'input.invalid',
    detail: 'Two fields.',
    errors: [{ path: 'schedule.at', message: 'Past.' }],
  }
  const error = await problemFrom(answer(JSON.stringify(problem), 400))
  expect(error).toMatchObject({ status: 400, code: 'input.invalid', message: 'Two fields.' })
  expect(fieldErrors(error)).toEqual({ 'schedule.at': 'Past.' })
})

test('an answer that is no problem, such as the page of a proxy, still becomes an error with a code', async () => {
  const error = await problemFrom(answer('<html>Bad gateway</html>', 502))
  expect(error).toMatchObject({ status: 502, code: 'http.502', issues: [] })
})

test('errors that are not from the API have no fields', () => {
  expect(fieldErrors(new Error('anything'))).toEqual({})
  expect(fieldErrors(new ApiError(404, 'campaigns.not_found', 'No such campaign.'))).toEqual({})
})
