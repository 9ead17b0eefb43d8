/** What problems and checks say, and what to do about them, in the languages of the product. */
import type { CheckId, ProblemCode } from '../schema.ts'

/** A sentence and its remedy; `{name}` stands for a parameter. */
export interface CheckText {
  readonly message: string
  readonly hint: string | null
}

/** Every sentence a pre-flight list may hold: one per problem, and one or more per check. */
export const CHECK_KEYS = [
  'subject_present',
  'subject_missing',
  'subject_long',
  'subject_shouting',
  'preheader_missing',
  'sender_name_missing',
  'sender_ok',
  'sender_missing',
  'sender_invalid',
  'sender_freemail',
  'reply_invalid',
  'unsubscribe_own',
  'unsubscribe_added',
  'postal_address_ok',
  'postal_address_missing',
  'links_ok',
  'link_nowhere',
  'link_placeholder',
  'link_not_counted',
  'link_not_secure',
  'variables_ok',
  'variable_without_fallback',
  'images_ok',
  'image_undescribed',
  'size_ok',
  'size_clipped',
  'size_too_large',
  'text_derived',
  'text_own',
  'text_empty',
] as const
export type CheckKey = (typeof CHECK_KEYS)[number] | ProblemCode

type Locale = 'en' | 'fr'

/** The sentence of a key, its parameters filled in. */
export function checkText(
  locale: Locale,
  key: CheckKey,
  params: Readonly<Record<string, string | number>>,
): CheckText {
  const { message, hint } = TEXTS[locale][key]
  return { message: fill(message, params), hint: hint === null ? null : fill(hint, params) }
}

/** Which check a sentence belongs to when it is about a problem of the source. */
export const COMPILE_CHECK: CheckId = 'compiles'

const fill = (text: string, params: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))

const EN: Readonly<Record<CheckKey, CheckText>> = {
  liquid_syntax: {
    message: 'A Liquid expression cannot be read: {reason}.',
    hint: 'Check that every {{ … }} and {% … %} is closed and every block has its end.',
  },
  liquid_tag_unknown: { message: 'There is no Liquid tag “{tag}”.', hint: 'Use one of: {allowed}.' },
  liquid_filter_unknown: { message: 'There is no filter “{filter}”.', hint: 'Use one of: {allowed}.' },
  liquid_too_complex: {
    message: 'This part holds more than {max} Liquid expressions.',
    hint: 'Remove expressions, or split the mail.',
  },
  variable_unknown: {
    message: 'There is no variable “{name}”.',
    hint: 'Choose one from “Insert variable”, or create the contact field first.',
  },
  variable_in_tag: {
    message: 'A variable cannot be the name of a tag or attribute.',
    hint: 'Write the tag out, and put a condition around it if it differs between people.',
  },
  variable_unquoted: {
    message: 'The value of “{name}” holds a variable without quotes around it.',
    hint: 'Put double quotes around the value.',
  },
  markup_unfinished: {
    message: 'From “{tag}” on, the body cannot be read: the tag or comment has no end.',
    hint: 'Look for a missing quote, “>” or “-->”.',
  },
  mjml_root_missing: {
    message: 'The body is not MJML: it has no <mjml> with an <mj-body>.',
    hint: 'Start with <mjml><mj-body>…</mj-body></mjml>, or switch the format to HTML.',
  },
  mjml_unclosed: { message: '<{tag}> is not closed.', hint: 'Add </{tag}> where it should end.' },
  mjml_invalid: { message: 'MJML: {reason}.', hint: 'Correct the element or attribute on this line.' },
  mjml_too_complex: {
    message: 'The body has more than {elements} elements or {depth} levels, too many for a mail.',
    hint: 'Split it into several mails, or remove sections.',
  },
  html_unclosed: { message: '<{tag}> is not closed.', hint: 'Add </{tag}> where it should end.' },
  html_forbidden_element: {
    message: '<{tag}> does not work in mails, and mailboxes treat mails that hold it as dangerous.',
    hint: 'Remove it. Link to a page for forms and everything that moves.',
  },
  html_forbidden_attribute: {
    message: 'The attribute “{name}” runs a script, which no mailbox allows.',
    hint: 'Remove it.',
  },
  link_scheme: {
    message: 'The address “{url}” may not stand in a mail.',
    hint: 'Use an address that begins with https://, mailto: or tel:.',
  },
  link_relative: {
    message: 'The address “{url}” is not complete.',
    hint: 'Write it in full, beginning with https://.',
  },
  link_invalid: {
    message: 'The address “{url}” is not valid.',
    hint: 'Check it for spaces, backslashes, a user name or a missing part.',
  },
  link_host_variable: {
    message: 'In “{url}” a variable decides which site the link leads to.',
    hint: 'Write https:// and the site in full; variables may stand in the path and behind “?”.',
  },
  link_starts_with_logic: {
    message: 'The address “{url}” begins with a condition.',
    hint: 'Put the condition around the whole link.',
  },
  links_too_many: {
    message: 'The mail has more than {max} links.',
    hint: 'Remove links: a mail with few of them is clicked more.',
  },
  body_empty: { message: 'The mail has no body.', hint: 'Start from a template, or write the body.' },
  body_too_large: {
    message: 'The mail is {kilobytes} kB, more than mailboxes take.',
    hint: 'Remove embedded images and styles that are not used.',
  },
  text_not_derivable: {
    message: 'The text part could not be made from the HTML.',
    hint: 'Write the text part yourself, or move conditions out of attributes and comments.',
  },
  beyond_limit: {
    message: 'For this person the text grows longer, or takes longer, than any message needs.',
    hint: 'Look for filters that make a text longer again and again, and for loops within loops.',
  },
  subject_present: { message: 'The subject is there and fits.', hint: null },
  subject_missing: { message: 'The mail has no subject.', hint: 'Say in a few words what the reader gets.' },
  subject_long: {
    message: 'The subject has about {length} characters; phones show 40, most screens 70.',
    hint: 'Put what matters first, or shorten it.',
  },
  subject_shouting: {
    message: 'The subject shouts.',
    hint: 'Use ordinary capitals and one exclamation mark at the most: filters and people mistrust the rest.',
  },
  preheader_missing: {
    message: 'There is no preheader; mailboxes show the first words of the body instead.',
    hint: 'Add a line that goes on from the subject.',
  },
  sender_name_missing: {
    message: 'The sender has no name.',
    hint: 'Enter the name that readers know you by.',
  },
  sender_ok: { message: 'The sender is {address}.', hint: null },
  sender_missing: {
    message: 'The mail has no sender address.',
    hint: 'Enter the address that the mail comes from.',
  },
  sender_invalid: {
    message: '“{address}” is not an e-mail address.',
    hint: 'Enter one address, like news@your-domain.com.',
  },
  sender_freemail: {
    message: 'Mail from {domain} sent by anybody but {domain} is mostly refused.',
    hint: 'Send from an address of your own domain.',
  },
  reply_invalid: {
    message: '“{address}” is not an e-mail address.',
    hint: 'Enter one address for answers, or leave it empty.',
  },
  unsubscribe_own: { message: 'The mail has an unsubscribe link.', hint: null },
  unsubscribe_added: {
    message: 'The mail has no unsubscribe link of its own: one is added at its end.',
    hint: 'To place it yourself, link to {{ unsubscribe_url }}.',
  },
  postal_address_ok: { message: 'Your postal address stands in the mail.', hint: null },
  postal_address_missing: {
    message: 'Your organization has no postal address; marketing mail to the USA and Canada must show one.',
    hint: 'Enter it in the settings of the organization.',
  },
  links_ok: { message: 'Every link is complete ({count} in all).', hint: null },
  link_nowhere: { message: 'The link “{label}” leads nowhere.', hint: 'Give it an address.' },
  link_placeholder: {
    message: 'The link “{label}” still leads to {host}, a placeholder of the template.',
    hint: 'Put your own address there.',
  },
  link_not_counted: {
    message: 'Clicks on “{label}” are not counted, because its address is made inside a loop.',
    hint: 'Use contact fields directly in the address if you want to count it.',
  },
  link_not_secure: { message: '“{url}” is not secure.', hint: 'Use https:// if the site offers it.' },
  variables_ok: { message: 'Every variable has a value or a fallback.', hint: null },
  variable_without_fallback: {
    message: '“{name}” may be empty and has no fallback.',
    hint: 'Write {{ {name} | default: "…" }}, or put a condition around it.',
  },
  images_ok: { message: 'Every image is described.', hint: null },
  image_undescribed: {
    message: 'An image has no description: {url}',
    hint: 'Add alt="…" with what it shows, or alt="" if it only decorates.',
  },
  size_ok: { message: 'The HTML is {kilobytes} kB.', hint: null },
  size_clipped: {
    message: 'The HTML is {kilobytes} kB; Gmail cuts mails at 102 kB and hides the rest.',
    hint: 'Remove sections or styles until it is below 90 kB.',
  },
  size_too_large: {
    message: 'The HTML is {kilobytes} kB, too large to send.',
    hint: 'Put images on the web instead of into the mail, and shorten it below 500 kB.',
  },
  text_derived: { message: 'The text part is made from the HTML.', hint: null },
  text_own: { message: 'The text part is your own.', hint: null },
  text_empty: { message: 'The text part is empty.', hint: 'Write it, or let it be made from the HTML.' },
}

const FR: Readonly<Record<CheckKey, CheckText>> = {
  liquid_syntax: {
    message: 'Une expression Liquid est illisible : {reason}.',
    hint: 'Vérifiez que chaque {{ … }} et {% … %} est fermé et que chaque bloc a sa fin.',
  },
  liquid_tag_unknown: {
    message: 'La balise Liquid « {tag} » n’existe pas.',
    hint: 'Utilisez l’une de celles-ci : {allowed}.',
  },
  liquid_filter_unknown: {
    message: 'Le filtre « {filter} » n’existe pas.',
    hint: 'Utilisez l’un de ceux-ci : {allowed}.',
  },
  liquid_too_complex: {
    message: 'Cette partie contient plus de {max} expressions Liquid.',
    hint: 'Retirez des expressions ou divisez l’e-mail.',
  },
  variable_unknown: {
    message: 'La variable « {name} » n’existe pas.',
    hint: 'Choisissez-en une dans « Insérer une variable » ou créez d’abord le champ de contact.',
  },
  variable_in_tag: {
    message: 'Une variable ne peut pas être le nom d’une balise ou d’un attribut.',
    hint: 'Écrivez la balise en entier et entourez-la d’une condition si elle varie selon les personnes.',
  },
  variable_unquoted: {
    message: 'La valeur de « {name} » contient une variable sans guillemets.',
    hint: 'Entourez la valeur de guillemets doubles.',
  },
  markup_unfinished: {
    message: 'À partir de « {tag} », le corps est illisible : la balise ou le commentaire n’a pas de fin.',
    hint: 'Cherchez un guillemet, un « > » ou un « --> » manquant.',
  },
  mjml_root_missing: {
    message: 'Le corps n’est pas du MJML : il n’a pas de <mjml> avec un <mj-body>.',
    hint: 'Commencez par <mjml><mj-body>…</mj-body></mjml> ou passez au format HTML.',
  },
  mjml_unclosed: { message: '<{tag}> n’est pas fermé.', hint: 'Ajoutez </{tag}> là où il doit finir.' },
  mjml_invalid: { message: 'MJML : {reason}.', hint: 'Corrigez l’élément ou l’attribut de cette ligne.' },
  mjml_too_complex: {
    message: 'Le corps compte plus de {elements} éléments ou de {depth} niveaux, trop pour un e-mail.',
    hint: 'Divisez-le en plusieurs e-mails ou retirez des sections.',
  },
  html_unclosed: { message: '<{tag}> n’est pas fermé.', hint: 'Ajoutez </{tag}> là où il doit finir.' },
  html_forbidden_element: {
    message:
      '<{tag}> ne fonctionne pas dans un e-mail, et les messageries jugent dangereux ceux qui en contiennent.',
    hint: 'Retirez-le. Pour un formulaire ou une animation, mettez un lien vers une page.',
  },
  html_forbidden_attribute: {
    message: 'L’attribut « {name} » lance un script, ce qu’aucune messagerie n’autorise.',
    hint: 'Retirez-le.',
  },
  link_scheme: {
    message: 'L’adresse « {url} » n’est pas permise dans un e-mail.',
    hint: 'Utilisez une adresse qui commence par https://, mailto: ou tel:.',
  },
  link_relative: {
    message: 'L’adresse « {url} » n’est pas complète.',
    hint: 'Écrivez-la en entier, à partir de https://.',
  },
  link_invalid: {
    message: 'L’adresse « {url} » n’est pas valide.',
    hint: 'Cherchez une espace, une barre oblique inverse, un nom d’utilisateur ou une partie manquante.',
  },
  link_host_variable: {
    message: 'Dans « {url} », une variable décide du site visé.',
    hint: 'Écrivez https:// et le site en entier ; les variables sont permises dans le chemin et après « ? ».',
  },
  link_starts_with_logic: {
    message: 'L’adresse « {url} » commence par une condition.',
    hint: 'Placez la condition autour du lien entier.',
  },
  links_too_many: {
    message: 'L’e-mail contient plus de {max} liens.',
    hint: 'Retirez des liens : moins il y en a, plus on clique.',
  },
  body_empty: { message: 'L’e-mail n’a pas de corps.', hint: 'Partez d’un modèle ou écrivez le corps.' },
  body_too_large: {
    message: 'L’e-mail pèse {kilobytes} ko, plus que les messageries n’acceptent.',
    hint: 'Retirez les images intégrées et les styles inutilisés.',
  },
  text_not_derivable: {
    message: 'La version texte n’a pas pu être tirée du HTML.',
    hint: 'Écrivez-la vous-même ou sortez les conditions des attributs et des commentaires.',
  },
  beyond_limit: {
    message:
      'Pour cette personne, le texte devient plus long ou plus lent à écrire qu’aucun message ne l’exige.',
    hint: 'Cherchez des filtres qui allongent un texte encore et encore, et des boucles dans des boucles.',
  },
  subject_present: { message: 'L’objet est là et tient dans la place.', hint: null },
  subject_missing: {
    message: 'L’e-mail n’a pas d’objet.',
    hint: 'Dites en quelques mots ce que le lecteur y trouve.',
  },
  subject_long: {
    message: 'L’objet compte environ {length} caractères ; un téléphone en montre 40, un écran 70.',
    hint: 'Mettez l’essentiel au début ou raccourcissez.',
  },
  subject_shouting: {
    message: 'L’objet crie.',
    hint: 'Gardez des majuscules ordinaires et un seul point d’exclamation : les filtres et les lecteurs se méfient du reste.',
  },
  preheader_missing: {
    message: 'Sans pré-en-tête, les messageries montrent les premiers mots du corps.',
    hint: 'Ajoutez une ligne qui prolonge l’objet.',
  },
  sender_name_missing: {
    message: 'L’expéditeur n’a pas de nom.',
    hint: 'Indiquez le nom sous lequel vos lecteurs vous connaissent.',
  },
  sender_ok: { message: 'L’expéditeur est {address}.', hint: null },
  sender_missing: {
    message: 'L’e-mail n’a pas d’adresse d’expéditeur.',
    hint: 'Indiquez l’adresse d’où part l’e-mail.',
  },
  sender_invalid: {
    message: '« {address} » n’est pas une adresse e-mail.',
    hint: 'Indiquez une seule adresse, comme lettre@votre-domaine.fr.',
  },
  sender_freemail: {
    message: 'Un e-mail de {domain} envoyé par d’autres que {domain} est le plus souvent refusé.',
    hint: 'Envoyez depuis une adresse de votre propre domaine.',
  },
  reply_invalid: {
    message: '« {address} » n’est pas une adresse e-mail.',
    hint: 'Indiquez une seule adresse de réponse ou laissez vide.',
  },
  unsubscribe_own: { message: 'L’e-mail contient un lien de désabonnement.', hint: null },
  unsubscribe_added: {
    message: 'L’e-mail n’a pas de lien de désabonnement : il est ajouté à la fin.',
    hint: 'Pour le placer vous-même, faites un lien vers {{ unsubscribe_url }}.',
  },
  postal_address_ok: { message: 'Votre adresse postale figure dans l’e-mail.', hint: null },
  postal_address_missing: {
    message:
      'Votre organisation n’a pas d’adresse postale ; la loi l’exige vers les États-Unis et le Canada.',
    hint: 'Indiquez-la dans les réglages de l’organisation.',
  },
  links_ok: { message: 'Chaque lien est complet ({count} en tout).', hint: null },
  link_nowhere: { message: 'Le lien « {label} » ne mène nulle part.', hint: 'Donnez-lui une adresse.' },
  link_placeholder: {
    message: 'Le lien « {label} » mène encore à {host}, une adresse d’exemple du modèle.',
    hint: 'Mettez-y votre propre adresse.',
  },
  link_not_counted: {
    message: 'Les clics sur « {label} » ne sont pas comptés, car son adresse est formée dans une boucle.',
    hint: 'Utilisez directement les champs du contact dans l’adresse pour les compter.',
  },
  link_not_secure: {
    message: '« {url} » n’est pas sécurisé.',
    hint: 'Utilisez https:// si le site le propose.',
  },
  variables_ok: { message: 'Chaque variable a une valeur ou un repli.', hint: null },
  variable_without_fallback: {
    message: '« {name} » peut être vide et n’a pas de repli.',
    hint: 'Écrivez {{ {name} | default: "…" }} ou entourez-la d’une condition.',
  },
  images_ok: { message: 'Chaque image est décrite.', hint: null },
  image_undescribed: {
    message: 'Une image n’a pas de description : {url}',
    hint: 'Ajoutez alt="…" avec ce qu’elle montre, ou alt="" si elle ne fait que décorer.',
  },
  size_ok: { message: 'Le HTML pèse {kilobytes} ko.', hint: null },
  size_clipped: {
    message: 'Le HTML pèse {kilobytes} ko ; Gmail coupe à 102 ko et cache le reste.',
    hint: 'Retirez des sections ou des styles pour passer sous 90 ko.',
  },
  size_too_large: {
    message: 'Le HTML pèse {kilobytes} ko, trop pour être envoyé.',
    hint: 'Mettez les images en ligne plutôt que dans l’e-mail et descendez sous 500 ko.',
  },
  text_derived: { message: 'La version texte est tirée du HTML.', hint: null },
  text_own: { message: 'La version texte est la vôtre.', hint: null },
  text_empty: { message: 'La version texte est vide.', hint: 'Écrivez-la ou laissez-la se tirer du HTML.' },
}

const TEXTS: Readonly<Record<Locale, Readonly<Record<CheckKey, CheckText>>>> = { en: EN, fr: FR }
