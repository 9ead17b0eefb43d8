/** The mail that says: your test has ended, and which variant won, if one did. */
import { experimentById, hasRest, letterOf, type Experiment } from '../../experiments/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import type { ExperimentId } from '../../platform/ids.ts'
import { tellAuthor, type Told, type ToldOf } from '../service/tell-author.ts'

/** Tells the author of a test's campaign how it ended. Source: CS-007.6 */
export async function tellAuthorOfDecision(ctx: Ctx, id: ExperimentId): Promise<void> {
  const test = await experimentById(ctx, id)
  await tellAuthor(ctx, test.campaignId, (locale, campaign) => decisionMail(locale, campaign, test))
}

/** In the reader's language, plain. */
function decisionMail(locale: Locale, { name, link }: ToldOf, test: Experiment): Told {
  const called = (no: number | null | undefined): string | null => {
    const variant = test.variants.find((each) => each.no === no)
    return variant ? `${letterOf(variant.no)} (${variant.name.replaceAll(/\s+/g, ' ')})` : null
  }
  const [winner, chosen] = [called(test.decision?.winner), called(test.decision?.chosen)]
  const isAnybodyLeft = test.isContinuous || hasRest(test.settings)
  const words = {
    en: {
      subject:
        winner === null ? `“${name}”: the test ended without a winner` : `“${name}”: a variant has won`,
      found: winner === null ? 'No winner is proven.' : `Variant ${winner} has won.`,
      given: `Everybody else gets variant ${chosen}.`,
      choose: 'Choose what everybody else gets:',
    },
    fr: {
      subject:
        winner === null
          ? `« ${name} » : le test s’achève sans gagnant`
          : `« ${name} » : une variante a gagné`,
      found: winner === null ? 'Aucun gagnant n’est prouvé.' : `La variante ${winner} a gagné.`,
      given: `Les autres personnes reçoivent la variante ${chosen}.`,
      choose: 'Choisissez ce que reçoivent les autres :',
    },
  }[locale]
  const next = chosen === null ? words.choose : words.given
  return {
    subject: words.subject,
    text: `${words.found}${isAnybodyLeft ? ` ${next}` : ''}\n\n${link}\n\n— Fanfare`,
  }
}
