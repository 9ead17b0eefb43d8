import { describe, expect, test } from 'vitest'
import { readClaims, readRequirements } from './requirements.ts'

describe('requirements', () => {
  test('every id in the title of a test is listed', () => {
    const requirements = readRequirements()
    const unknown = readClaims().filter((claim) => !requirements.has(claim.id))
    expect(unknown).toEqual([])
  })

  test('titles of parameterised tests and of groups are read, too', () => {
    const titles = readClaims().map((claim) => claim.title)
    expect(titles.length).toBeGreaterThan(0)
    expect(titles.every((title) => title.trim() !== '')).toBe(true)
  })

  test('every listed id has a wording of its own', () => {
    const requirements = readRequirements()
    expect(requirements.size).toBe(608)
    expect([...requirements.values()].filter((wording) => wording.length < 10)).toEqual([])
  })

  test('DS-unit-tests.1 DS-unit-tests.3 DS-unit-tests.4 DS-unit-tests.9 DS-unit-tests.10 DS-unit-tests.11 TK-4.5 TK-5.6 TK-6.10 TK-8.5 TK-10.8 TK-11.9 TK-16.4 what the design wants tested has tests that name it', () => {
    const claimed = new Set(readClaims().map((claim) => claim.id))
    for (const [id, subjects] of Object.entries(WANTED))
      expect([id, subjects.split(' ').filter((subject) => !claimed.has(subject))]).toEqual([id, []])
  })
})

/** Lists of tests in the design and the task list, and the promises that those tests are about. */
const WANTED: Readonly<Record<string, string>> = {
  'DS-unit-tests.1':
    'DS-CampaignService.createCampaign DS-CampaignService.getCampaign DS-CampaignService.updateCampaign DS-CampaignService.deleteCampaign DS-CampaignService.listCampaigns',
  'DS-unit-tests.3':
    'DS-CampaignService.createABTest DS-CampaignService.determineWinner DS-CampaignService.applyWinner',
  'DS-unit-tests.4': 'CB-9.1 CB-9.2 CB-9.4 CB-9.5',
  'DS-unit-tests.9':
    'DS-SegmentationService.createSegment DS-SegmentationService.updateSegment DS-SegmentationService.deleteSegment DS-SegmentationService.calculateSegmentSize',
  'DS-unit-tests.10': 'DS-SegmentationService.evaluateCriteria CB-3.1 CB-3.3',
  'DS-unit-tests.11': 'CB-3.2 DS-SegmentationService.refreshSegment TK-18.4',
  'TK-4.5':
    'DS-SegmentationService.createSegment DS-SegmentationService.listSegments DS-SegmentationService.evaluateCriteria CB-3.2 DS-SegmentationService.getSegmentPerformance',
  'TK-5.6':
    'DS-CampaignAnalyticsService.trackImpression DS-CampaignAnalyticsService.trackClick DS-CampaignAnalyticsService.trackConversion DS-CampaignAnalyticsService.getCampaignROI DS-CampaignAnalyticsService.getConversionFunnel DS-CampaignAnalyticsService.generateReport DS-CampaignAnalyticsService.identifyPatterns',
  'TK-6.10': 'TK-6.1 TK-6.2 TK-6.3 TK-6.4 TK-6.5 TK-6.7 TK-6.8 TK-6.9',
  'TK-8.5': 'TK-8.1 TK-8.2 TK-8.3 TK-8.4',
  'TK-10.8': 'TK-10.1 TK-10.2 TK-10.4 TK-10.5 TK-10.6 TK-10.7',
  'TK-11.9': 'TK-11.1 TK-11.2 TK-11.3 TK-11.4 TK-11.5 TK-11.6 TK-11.7 TK-11.8',
  'TK-16.4': 'CB-15.1 CB-15.2 CB-15.3 CB-15.4 CB-15.5',
}
