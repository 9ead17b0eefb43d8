/**
 * What the server says when it refuses, in French: by the English sentence. `{}` stands for whatever the English one
 * holds there, in the same order; `{1}` for the second of them.
 */
export const FRENCH: Readonly<Record<string, string>> = {
  'A box that stands for consent must be left for the person to tick.':
    'Une case qui vaut consentement doit être cochée par la personne elle-même.',
  'A box ticked beforehand is no consent (GDPR recital 32). Leave it for the person to tick.':
    'Une case cochée d’avance n’est pas un consentement (RGPD, considérant 32). Laissez la personne la cocher.',
  'A colour like {}.': 'Une couleur comme {}.',
  'Choose at least one channel.': 'Choisissez au moins un canal.',
  'Give the topic a name.': 'Donnez un nom au sujet.',
  'Offer at least one channel.': 'Proposez au moins un canal.',
  'A contact cannot be merged with itself.': 'Un contact ne peut pas être fusionné avec lui-même.',
  'A country of two letters, such as FR.': 'Un pays en deux lettres, par exemple FR.',
  'A dynamic segment needs a rule.': 'Un segment dynamique a besoin d’une règle.',
  'A field with this key already exists, perhaps archived.':
    'Un champ avec cette clé existe déjà, peut-être archivé.',
  'A key cannot be allowed more than you are.': 'Une clé ne peut pas avoir plus de droits que vous.',
  'A key may give or take only a role of which it holds every permission.':
    'Une clé ne peut donner ou retirer qu’un rôle dont elle détient toutes les autorisations.',
  'A cursor goes on in the list that gave it, with the same filters and order.':
    'Un curseur continue la liste qui l’a donné, avec les mêmes filtres et le même ordre.',
  'A list of messages.': 'Une liste de messages.',
  'A message has at most {} kB of JSON.': 'Un message compte au plus {} ko de JSON.',
  'A message has at most {} kB.': 'Un message compte au plus {} ko.',
  'A request has at most {} kB and {} messages. Send several.':
    'Une requête compte au plus {} ko et {} messages. Envoyez-en plusieurs.',
  'A row of this file has more than 1,000 columns. Check the separator.':
    'Une ligne de ce fichier a plus de 1 000 colonnes. Vérifiez le séparateur.',
  'A row of this file is longer than one million characters, so it is not a list of people. Check the file and its line ends.':
    'Une ligne de ce fichier dépasse un million de caractères : ce n’est pas une liste de personnes. Vérifiez le fichier et ses fins de ligne.',
  'A rule is {"all": […]}, {"any": […]}, {"not": …} or a condition such as {"kind": "contact", "field": "country", "operator": "one_of", "value": ["FR"]}.':
    'Une règle est {"all": […]}, {"any": […]}, {"not": …} ou une condition comme {"kind": "contact", "field": "country", "operator": "one_of", "value": ["FR"]}.',
  'A segment cannot depend on itself, directly or through other segments.':
    'Un segment ne peut pas dépendre de lui-même, ni directement ni par d’autres segments.',
  'A sender with this name and address exists already.':
    'Un expéditeur avec ce nom et cette adresse existe déjà.',
  'A static segment is a list and takes no rule.': 'Un segment statique est une liste et n’a pas de règle.',
  'A test compares at least two variants.': 'Un test compare au moins deux variantes.',
  'A test compares at most {} variants.': 'Un test compare au plus {} variantes.',
  'A test compares at least two variants that send something.':
    'Un test compare au moins deux variantes qui envoient quelque chose.',
  'A test in a campaign that events set off has no planned end: leave it out.':
    'Un test dans une campagne déclenchée par des événements n’a pas de fin prévue : laissez-la vide.',
  'A time, such as {}:{}.': 'Une heure, par exemple {}:{}.',
  'A variant has been applied already.': 'Une variante a déjà été appliquée.',
  'A {} takes one of: {}.': 'Un champ « {} » accepte l’un de : {}.',
  'An address that begins with https://.': 'Une adresse qui commence par https://.',
  'An object.': 'Un objet.',
  'An organization needs an owner. Make somebody else owner first.':
    'Une organisation a besoin d’un propriétaire. Nommez d’abord quelqu’un d’autre.',
  'Another contact already has this e-mail address. Merge the two instead.':
    'Un autre contact a déjà cette adresse e-mail. Fusionnez plutôt les deux.',
  'Another segment already has this name.': 'Un autre segment porte déjà ce nom.',
  'Ask for the e-mail address at least.': 'Demandez au moins l’adresse e-mail.',
  'Ask for the phone number too: nobody could be reached on this channel.':
    'Demandez aussi le numéro de téléphone : personne ne serait joignable par ce canal.',
  'At least {}.': 'Au moins {}.',
  'At least 1 day.': 'Au moins 1 jour.',
  'At least a day.': 'Au moins un jour.',
  'At least five minutes.': 'Au moins cinq minutes.',
  'At least one connection.': 'Au moins une connexion.',
  'At least one hour.': 'Au moins une heure.',
  'At least one message.': 'Au moins un message.',
  'At least one.': 'Au moins un.',
  'At least two.': 'Au moins deux.',
  'At least {} characters.': 'Au moins {} caractères.',
  'At least {} days: it is needed that long.': 'Au moins {} jours : c’est la durée nécessaire.',
  'At most {} kinds.': 'Au plus {} sortes.',
  'At most a thousand million.': 'Au plus un milliard.',
  'At most a week.': 'Au plus une semaine.',
  'At most seven.': 'Au plus sept.',
  'At most six decimals.': 'Au plus six décimales.',
  'At most two decimals.': 'Au plus deux décimales.',
  'At most {} addresses.': 'Au plus {} adresses.',
  'At most {} at a time.': 'Au plus {} à la fois.',
  'At most {} campaigns.': 'Au plus {} campagnes.',
  'At most {} characters.': 'Au plus {} caractères.',
  'At most {} characters. No e-mail address is that long.':
    'Au plus {} caractères. Aucune adresse e-mail n’est aussi longue.',
  'At most {} characters. Put images on the web instead of into the mail, and shorten the body.':
    'Au plus {} caractères. Placez les images sur le web plutôt que dans l’e-mail, et raccourcissez le corps.',
  'At most {} characters. Shorten the preheader.': 'Au plus {} caractères. Raccourcissez le préambule.',
  "At most {} characters. Shorten the sender's name.":
    'Au plus {} caractères. Raccourcissez le nom de l’expéditeur.',
  'At most {} characters. Shorten the subject.': 'Au plus {} caractères. Raccourcissez l’objet.',
  'At most {} characters. Shorten the text part.': 'Au plus {} caractères. Raccourcissez la partie texte.',
  'At most {} conditions on one event.': 'Au plus {} conditions sur un événement.',
  'At most {} connections.': 'Au plus {} connexions.',
  'At most {} days.': 'Au plus {} jours.',
  'At most {} deep.': 'Au plus {} niveaux.',
  'At most {} different contents in one call.': 'Au plus {} contenus différents par appel.',
  'At most {} imports.': 'Au plus {} imports.',
  'At most {} in one call; send longer lists in several.':
    'Au plus {} par appel ; envoyez les listes plus longues en plusieurs fois.',
  'At most {} messages.': 'Au plus {} messages.',
  'At most {} rules.': 'Au plus {} règles.',
  'At most {} segments.': 'Au plus {} segments.',
  'At most {} stars.': 'Au plus {} étoiles.',
  'At most {} tokens.': 'Au plus {} jetons.',
  'At most {} values. Upload longer lists as a static segment.':
    'Au plus {} valeurs. Téléversez les listes plus longues comme segment statique.',
  'At most {}.': 'Au plus {}.',
  'Choose a password.': 'Choisissez un mot de passe.',
  'Choose a time at least five minutes ahead, or launch now.':
    'Choisissez un moment dans cinq minutes au moins, ou lancez maintenant.',
  'Choose an event.': 'Choisissez un événement.',
  'Choose an organization first.': 'Choisissez d’abord une organisation.',
  'Choose at least one campaign.': 'Choisissez au moins une campagne.',
  'Choose at least one day.': 'Choisissez au moins un jour.',
  'Choose at least one import.': 'Choisissez au moins un import.',
  'Choose at least one language.': 'Choisissez au moins une langue.',
  'Choose at least one segment.': 'Choisissez au moins un segment.',
  'Choose at least one state.': 'Choisissez au moins un état.',
  'Choose at least two segments.': 'Choisissez au moins deux segments.',
  'Choose what the key may do.': 'Choisissez ce que la clé peut faire.',
  'Counting this segment takes too long at the moment. Try again, or make the rule simpler.':
    'Compter ce segment prend trop de temps en ce moment. Réessayez, ou simplifiez la règle.',
  'Each receiver once.': 'Chaque destinataire une seule fois.',
  'Either an amount, or a number of posts.': 'Soit un montant, soit un nombre de publications.',
  'Enter a domain such as {}, without https:// and path.':
    'Saisissez un domaine comme {}, sans https:// ni chemin.',
  'Enter a domain such as {}.': 'Saisissez un domaine comme {}.',
  'Enter a host name such as {}.': 'Saisissez un nom d’hôte comme {}.',
  'Enter a host such as {}.': 'Saisissez un hôte comme {}.',
  'Enter a name.': 'Saisissez un nom.',
  'Enter this again: what is kept was meant for another address.':
    'Saisissez-le de nouveau : ce qui est conservé valait pour une autre adresse.',
  'Enter the address that the header is for.': 'Saisissez l’adresse à laquelle l’en-tête est destiné.',
  'Credentials belong to the provider of webhooks under Settings, where they are sealed: everybody reads what stands here.':
    'Les secrets d’accès se donnent au prestataire des webhooks, sous Réglages, où ils sont scellés : tout le monde lit ce qui se trouve ici.',
  'Enter an address such as {}.': 'Saisissez une adresse comme {}.',
  'Enter the address of a page, such as {}.': 'Saisissez l’adresse d’une page, par exemple {}.',
  'Enter the name that readers see.': 'Saisissez le nom que les lecteurs verront.',
  'Enter the name that this system calls itself, such as mail.example.com.':
    'Saisissez le nom que ce système se donne, par exemple mail.example.com.',
  'Enter your password.': 'Saisissez votre mot de passe.',
  'Every form asks for the e-mail address, as required.':
    'Tout formulaire demande l’adresse e-mail, et elle est obligatoire.',
  'Fanfare is already set up. Sign in instead.': 'Fanfare est déjà configuré. Connectez-vous.',
  'From one to {}.': 'De un à {}.',
  'Give {} or more.': 'Indiquez {} ou plus.',
  'Give a day between {} and {}.': 'Indiquez un jour entre {} et {}.',
  'Give a day, such as {}.': 'Indiquez un jour, par exemple {}.',
  'Give a first or a last day.': 'Indiquez un premier ou un dernier jour.',
  'Give a number.': 'Indiquez un nombre.',
  'Give a percentage.': 'Indiquez un pourcentage.',
  'Give a text.': 'Indiquez un texte.',
  'Give a whole number of days.': 'Indiquez un nombre entier de jours.',
  'Give a whole number.': 'Indiquez un nombre entier.',
  'Give at least one address.': 'Indiquez au moins une adresse.',
  'Give at least one value.': 'Indiquez au moins une valeur.',
  'Give conditions about behaviour a window of time, such as the last 90 days, or ask about derived figures (orders, revenue, last activity), which answer at once.':
    'Donnez une période aux conditions de comportement, par exemple les 90 derniers jours, ou interrogez les valeurs calculées (commandes, chiffre d’affaires, dernière activité), qui répondent aussitôt.',
  'Give either a rule or an audience.': 'Indiquez soit une règle, soit une audience.',
  'Give the campaign a name.': 'Donnez un nom à la campagne.',
  'Give the form a name.': 'Donnez un nom au formulaire.',
  'Give the report a name.': 'Donnez un nom au rapport.',
  'Give the segment a name.': 'Donnez un nom au segment.',
  'Give the template a name.': 'Donnez un nom au modèle.',
  'High begins above medium.': '« Élevé » commence au-dessus de « moyen ».',
  'How a campaign leaves can be changed while it is a draft. Duplicate it to change that.':
    'Le mode d’envoi d’une campagne se change tant qu’elle est un brouillon. Dupliquez-la pour le modifier.',
  'It cannot end before it began.': 'La fin ne peut pas précéder le début.',
  'It must end at another time than it begins.': 'La fin doit différer du début.',
  'Loosening legal hours needs a reason.': 'Assouplir les horaires légaux exige un motif.',
  'Mails from {} leave here once it is a sending domain of yours whose keys are published.':
    'Les e-mails de {} partiront d’ici une fois que c’est un domaine d’envoi à vous dont les clés sont publiées.',
  'Mails go to members of an organization. Choose one first.':
    'Les e-mails vont aux membres d’une organisation. Choisissez-en d’abord une.',
  'Many people use this password. Three or four unrelated words are better.':
    'Beaucoup de gens utilisent ce mot de passe. Trois ou quatre mots sans rapport valent mieux.',
  'Members of a dynamic segment follow its rule and cannot be set by hand.':
    'Les membres d’un segment dynamique suivent sa règle et ne se choisissent pas à la main.',
  'More than 0.': 'Plus de 0.',
  'Name a country, a provider, or both.': 'Indiquez un pays, un prestataire, ou les deux.',
  'Name a property.': 'Indiquez une propriété.',
  'Name one text for each variant, each another.':
    'Indiquez pour chaque variante un texte, à chaque fois un autre.',
  'Name the event.': 'Indiquez l’événement.',
  'New keys of this domain wait already. Publish their records, then check again.':
    'De nouvelles clés de ce domaine attendent déjà. Publiez leurs enregistrements, puis vérifiez de nouveau.',
  'No day matches. Look at the days and the last day.':
    'Aucun jour ne convient. Vérifiez les jours et le dernier jour.',
  'No domain for short links is set.': 'Aucun domaine n’est réglé pour les liens courts.',
  'No e-mail address is that long.': 'Aucune adresse e-mail n’est aussi longue.',
  'No event has such a name.': 'Aucun événement ne porte un tel nom.',
  'No file was sent. Send one CSV file as the part named "file".':
    'Aucun fichier n’a été envoyé. Envoyez un fichier CSV dans la partie nommée « file ».',
  'No more fields can be added. Archive some first.': 'Aucun champ ne peut être ajouté. Archivez-en d’abord.',
  'No more segments can be made. Delete some first.':
    'Aucun segment ne peut être ajouté. Supprimez-en d’abord.',
  'No price of a post is set for this platform. Set one, or state the amount.':
    'Aucun prix de publication n’est réglé pour cette plateforme. Réglez-en un, ou indiquez le montant.',
  'No property has such a name.': 'Aucune propriété ne porte un tel nom.',
  'No such API key.': 'Cette clé d’API n’existe pas.',
  'No such alert.': 'Cette alerte n’existe pas.',
  'No such anomaly.': 'Cette anomalie n’existe pas.',
  'No such campaign.': 'Cette campagne n’existe pas.',
  'No such change.': 'Cette modification n’existe pas.',
  'No such contact.': 'Ce contact n’existe pas.',
  'No such event.': 'Cet événement n’existe pas.',
  'No such field.': 'Ce champ n’existe pas.',
  'No such form.': 'Ce formulaire n’existe pas.',
  'No such import of spends.': 'Cet import de dépenses n’existe pas.',
  'No such import.': 'Cet import n’existe pas.',
  'No such link.': 'Ce lien n’existe pas.',
  'No such list.': 'Cette liste n’existe pas.',
  'No such mail in the mailbox.': 'Cet e-mail n’est pas dans la boîte.',
  'No such mail version.': 'Cette version d’e-mail n’existe pas.',
  'No such member.': 'Ce membre n’existe pas.',
  'No such message.': 'Ce message n’existe pas.',
  'No such open invitation.': 'Cette invitation en attente n’existe pas.',
  'No such organization.': 'Cette organisation n’existe pas.',
  'No such price.': 'Ce prix n’existe pas.',
  'No such provider.': 'Ce prestataire n’existe pas.',
  'No such request.': 'Cette demande n’existe pas.',
  'No such run.': 'Cet envoi n’existe pas.',
  'No such saved report.': 'Ce rapport enregistré n’existe pas.',
  'No such segment.': 'Ce segment n’existe pas.',
  'No such sender.': 'Cet expéditeur n’existe pas.',
  'No such sending domain.': 'Ce domaine d’envoi n’existe pas.',
  'No such session.': 'Cette session n’existe pas.',
  'No such source.': 'Cette source n’existe pas.',
  'No such spend.': 'Cette dépense n’existe pas.',
  'No such template.': 'Ce modèle n’existe pas.',
  'No such test.': 'Ce test n’existe pas.',
  'Nobody has an account with this e-mail address.': 'Personne n’a de compte avec cette adresse e-mail.',
  'Nobody has asked yet: give a moment in the past.':
    'Personne ne l’a encore demandé : indiquez un moment passé.',
  'Nobody has said this yet: give a moment in the past.':
    'Personne ne l’a encore dit : indiquez un moment passé.',
  'Not a header name.': 'Ce n’est pas un nom d’en-tête.',
  'Not a telephone number. Write it with its country code, like +{}.':
    'Ce n’est pas un numéro de téléphone. Écrivez-le avec l’indicatif du pays, comme +{}.',
  'Not a time zone. Use a name like Europe/Paris.':
    'Ce n’est pas un fuseau horaire. Utilisez un nom comme Europe/Paris.',
  'Not all of them are members.': 'Tous ne sont pas membres.',
  'Not an address that can be used.': 'Cette adresse ne peut pas être utilisée.',
  'Not an e-mail address.': 'Ce n’est pas une adresse e-mail.',
  'Not an e-mail address. Write it like name@example.com.':
    'Ce n’est pas une adresse e-mail. Écrivez-la comme nom@example.com.',
  'Not an id of this kind ({}).': 'Ce n’est pas un identifiant de ce type ({}).',
  'Not before the first day.': 'Pas avant le premier jour.',
  'Nothing here can be sent again: it arrived, waits already, or its campaign was cancelled.':
    'Rien ici ne peut être renvoyé : c’est arrivé, c’est déjà en attente, ou la campagne a été annulée.',
  'Nothing of that name is kept.': 'Rien de ce nom n’est conservé.',
  'Nothing that is sent again waits, or rests, here.': 'Aucun renvoi n’attend ou n’est en pause ici.',
  'Nothing was recorded: none of the messages is one.':
    'Rien n’a été enregistré : aucun des messages n’en est un.',
  'On which platform?': 'Sur quelle plateforme ?',
  'One of {}.': 'L’un de {}.',
  'One variant at most can be the control that sends nothing.':
    'Une seule variante au plus peut être le témoin qui n’envoie rien.',
  'Only SMS and WhatsApp are priced by country.': 'Seuls les SMS et WhatsApp ont des prix par pays.',
  'Only a paused run can be resumed.': 'Seul un envoi en pause peut reprendre.',
  'Only a run that is under way can be paused.': 'Seul un envoi en cours peut être mis en pause.',
  'Only an owner may give or take the role of owner.':
    'Seul un propriétaire peut donner ou retirer le rôle de propriétaire.',
  'Only marketing has topics.': 'Seul le marketing a des sujets.',
  'Only the report of one campaign is mailed when it has ended. Choose a campaign, or days.':
    'Seul le rapport d’une campagne part par e-mail à sa fin. Choisissez une campagne, ou des jours.',
  'Only “did” is counted.': 'Seul « a fait » se compte.',
  'Ports begin at 1.': 'Les ports commencent à 1.',
  'Ports end at {}.': 'Les ports finissent à {}.',
  'Put images on the web instead of into the mail, and shorten the body.':
    'Placez les images sur le web plutôt que dans l’e-mail, et raccourcissez le corps.',
  'Reports are mailed to members. Invite the person, or give them a link to share.':
    'Les rapports partent par e-mail aux membres. Invitez la personne, ou donnez-lui un lien de partage.',
  'Say a name.': 'Indiquez un nom.',
  'Say how many messages leave on the first day.': 'Indiquez combien de messages partent le premier jour.',
  'Say how the question reads.': 'Indiquez comment la question est posée.',
  'Say what counts.': 'Indiquez ce qui compte.',
  'Say where the list is from.': 'Indiquez d’où vient la liste.',
  'Say where the person said it.': 'Indiquez où la personne l’a dit.',
  'Say why it may go on. The reason is kept in the log.':
    'Dites pourquoi l’envoi peut continuer. Le motif est conservé dans le journal.',
  'Say why these hours need not be kept. The reason is kept in the log.':
    'Dites pourquoi ces horaires n’ont pas à être respectés. Le motif est conservé dans le journal.',
  'Say why they are never to be used.': 'Dites pourquoi elles ne doivent jamais être utilisées.',
  'Say why this campaign may go on.': 'Dites pourquoi cette campagne peut continuer.',
  'Say why this variant shall be used.': 'Dites pourquoi cette variante doit être utilisée.',
  'Say why: it is kept in the audit log.': 'Dites pourquoi : c’est conservé dans le journal d’audit.',
  'Say why: it is kept with the request.': 'Dites pourquoi : c’est conservé avec la demande.',
  'Say your name.': 'Indiquez votre nom.',
  'Segments can refer to segments at most {} deep, and never in a circle.':
    'Les segments peuvent renvoyer à d’autres sur {} niveaux au plus, et jamais en cercle.',
  'Send JSON, with the content type application/json.':
    'Envoyez du JSON, avec le type de contenu application/json.',
  'Shorten the preheader.': 'Raccourcissez le préambule.',
  'Shorten the subject.': 'Raccourcissez l’objet.',
  'Shorten the text part.': 'Raccourcissez la partie texte.',
  'Sign in, or send a valid API key.': 'Connectez-vous, ou envoyez une clé d’API valable.',
  'Small letters, digits and hyphens, at most {}.': 'Minuscules, chiffres et traits d’union, {} au plus.',
  'Small letters, digits and underscores.': 'Minuscules, chiffres et tirets bas.',
  'Small letters, digits, hyphens, at most {}.': 'Minuscules, chiffres et traits d’union, {} au plus.',
  'Some of the values cannot be stored.': 'Certaines valeurs ne peuvent pas être enregistrées.',
  'Some of what was sent is not right.': 'Une partie de ce qui a été envoyé n’est pas correcte.',
  'Some rows cannot be read. Correct them, or leave them out; the preview says what is wrong.':
    'Certaines lignes sont illisibles. Corrigez-les, ou laissez-les de côté ; l’aperçu dit ce qui ne va pas.',
  'Somebody changed the preference centre meanwhile. Load it again, then make your change.':
    'Quelqu’un a modifié le centre de préférences entre-temps. Rechargez-le, puis refaites votre modification.',
  'Somebody changed this form meanwhile. Load it again, then make your change.':
    'Quelqu’un a modifié ce formulaire entre-temps. Rechargez-le, puis refaites votre modification.',
  'Somebody changed this template meanwhile. Your text is kept here; load theirs, or save yours as a copy.':
    'Quelqu’un a modifié ce modèle entre-temps. Votre texte est conservé ici ; chargez l’autre, ou enregistrez le vôtre comme copie.',
  'Somebody else has saved this campaign meanwhile. Reload it and apply your changes again.':
    'Quelqu’un d’autre a enregistré cette campagne entre-temps. Rechargez-la et refaites vos modifications.',
  'Something went wrong on our side. Nothing was lost; try again, and name the request id if it stays.':
    'Une erreur s’est produite de notre côté. Rien n’est perdu ; réessayez, et citez le numéro de la requête si cela persiste.',
  'The body is not valid {}.': 'Le corps de la requête n’est pas du {} valable.',
  'The columns are not matched to fields in a way that can be imported.':
    'Les colonnes ne correspondent pas aux champs d’une façon qui puisse être importée.',
  'The control sends nothing: it cannot be applied.':
    'Le témoin n’envoie rien : il ne peut pas être appliqué.',
  'The cursor is not one of ours. Begin with the first page.':
    'Ce curseur n’est pas l’un des nôtres. Reprenez à la première page.',
  'The database cannot be used just now. Nothing was changed; try again shortly.':
    'La base de données est indisponible pour l’instant. Rien n’a changé ; réessayez bientôt.',
  'The disk is full. Nothing was changed; free some space and try again.':
    'Le disque est plein. Rien n’a changé ; libérez de la place et réessayez.',
  'The e-mail address or the password is not right.': 'L’adresse e-mail ou le mot de passe est incorrect.',
  'The file cannot be taken as it is.': 'Le fichier ne peut pas être pris tel quel.',
  'The file has a header but no rows.': 'Le fichier a un en-tête, mais aucune ligne.',
  'The file has more than 5,000 rows. Cut it in two.':
    'Le fichier a plus de 5 000 lignes. Coupez-le en deux.',
  'The file holds nothing that is not written down already.':
    'Le fichier ne contient rien qui ne soit déjà noté.',
  'The file is empty.': 'Le fichier est vide.',
  'The file is larger than this installation accepts.':
    'Le fichier est plus gros que ce que cette installation accepte.',
  'The first day must not be after the last.': 'Le premier jour ne doit pas suivre le dernier.',
  'The first day must not be after the second.': 'Le premier jour ne doit pas suivre le second.',
  'The first number is the longer ago.': 'Le premier nombre est le plus ancien.',
  'The first number must not be above the second.': 'Le premier nombre ne doit pas dépasser le second.',
  'The first request with this Idempotency-Key is still running.':
    'La première requête avec cette Idempotency-Key est encore en cours.',
  'The form is not valid.': 'Le formulaire n’est pas valable.',
  'The import is not in a state that allows this.': 'L’état de l’import ne le permet pas.',
  'The key of a custom field.': 'La clé d’un champ personnalisé.',
  'The period ends before it begins, or is longer than five years.':
    'La période finit avant de commencer, ou dépasse cinq ans.',
  'The planned start has passed meanwhile. Choose another time, or launch now.':
    'L’heure de départ prévue est passée entre-temps. Choisissez-en une autre, ou lancez maintenant.',
  'The request is not valid.': 'La requête n’est pas valable.',
  'The rule of this segment no longer works, because something it refers to is gone. Edit the rule first.':
    'La règle de ce segment ne fonctionne plus, car un élément qu’elle cite a disparu. Modifiez d’abord la règle.',
  'The second factor is already on.': 'Le second facteur est déjà activé.',
  'The second factor is not on.': 'Le second facteur n’est pas activé.',
  'The shares sum to {} %, not to 100 %.': 'Les parts font {} %, et non 100 %.',
  'The start must lie at least five minutes ahead.': 'Le départ doit être dans cinq minutes au moins.',
  'The text of this file is in an encoding that cannot be read.':
    'Le texte de ce fichier est dans un codage illisible.',
  'The topic “{}” may be archived, not removed: people have spoken about it.':
    'Le sujet « {} » peut être archivé, non supprimé : des personnes se sont prononcées à son propos.',
  'There are as many as may be kept. Remove one that is no longer needed.':
    'Le nombre maximal est atteint. Supprimez-en un devenu inutile.',
  'There are as many prices as can be kept. Take old ones back.':
    'Le nombre maximal de prix est atteint. Retirez-en d’anciens.',
  'There are as many providers as there may be.': 'Le nombre maximal de prestataires est atteint.',
  'There are too many sources. Revoke some that are not used.':
    'Il y a trop de sources. Révoquez celles qui ne servent pas.',
  'There is no field {}.': 'Il n’y a pas de champ {}.',
  'There is no figure {}.': 'Il n’y a pas de valeur {}.',
  'There is no measure {}.': 'Il n’y a pas de mesure {}.',
  'There is no sent campaign with enough people to test the rule on.':
    'Aucune campagne envoyée n’a assez de personnes pour éprouver la règle.',
  'There is no such day or time.': 'Ce jour ou cette heure n’existe pas.',
  'There is no such field.': 'Ce champ n’existe pas.',
  'There is no such topic.': 'Ce sujet n’existe pas.',
  'There is no such version of this campaign.': 'Cette version de la campagne n’existe pas.',
  'There is no winner yet. Name a variant and say why it shall be used.':
    'Il n’y a pas encore de gagnante. Nommez une variante et dites pourquoi l’utiliser.',
  'There is nothing here.': 'Il n’y a rien ici.',
  'These messages cannot be marked.': 'Ces messages ne peuvent pas être marqués.',
  'These messages cannot be taken.': 'Ces messages ne peuvent pas être acceptés.',
  'These settings cannot be used.': 'Ces réglages ne peuvent pas être utilisés.',
  'They must end at another time than they begin.': 'La fin doit différer du début.',
  'This Idempotency-Key was used for another request.': 'Cette Idempotency-Key a servi à une autre requête.',
  'This address is a short link itself. Enter the page that it leads to.':
    'Cette adresse est elle-même un lien court. Saisissez la page à laquelle elle mène.',
  'This address is not suppressed.': 'Cette adresse n’est pas exclue.',
  'This archive is no longer there: its link has run out. Ask for a new one.':
    'Cette archive n’est plus là : son lien a expiré. Demandez-en une nouvelle.',
  'This audience cannot be used as it is: a segment or a field it refers to is gone, or a condition is not complete.':
    'Cette audience ne peut pas servir telle quelle : un segment ou un champ qu’elle cite a disparu, ou une condition est incomplète.',
  'This campaign cannot leave yet. Put the listed points right first.':
    'Cette campagne ne peut pas encore partir. Corrigez d’abord les points listés.',
  'This campaign has as many links as one can have.': 'Cette campagne a le nombre maximal de liens.',
  'This campaign has as many spends as it can hold. Sum some up.':
    'Cette campagne a le nombre maximal de dépenses. Regroupez-en.',
  'This campaign has been changed since you looked at it. Look at it once more, then launch it.':
    'Cette campagne a été modifiée depuis que vous l’avez regardée. Regardez-la encore une fois, puis lancez-la.',
  'This campaign has no test.': 'Cette campagne n’a pas de test.',
  'This change can no longer be undone.': 'Cette modification ne peut plus être annulée.',
  'This choice is still used by contacts and cannot be removed.':
    'Ce choix est encore utilisé par des contacts et ne peut pas être retiré.',
  'This code is not right. Use the newest one of your app, or a recovery code.':
    'Ce code est incorrect. Utilisez le dernier de votre application, ou un code de secours.',
  'This condition takes no value.': 'Cette condition ne prend pas de valeur.',
  'This cursor does not belong to this list.': 'Ce curseur n’appartient pas à cette liste.',
  'This cursor was not given by this list.': 'Ce curseur n’a pas été donné par cette liste.',
  'This domain is already a sending domain.': 'Ce domaine est déjà un domaine d’envoi.',
  'This entry cannot be lifted by hand: an erasure, a complaint or an unsubscription ends only when the person signs up again.':
    'Cette exclusion ne se lève pas à la main : un effacement, une plainte ou un désabonnement ne prend fin que si la personne se réinscrit.',
  'This field cannot be set for many contacts.': 'Ce champ ne peut pas être modifié pour plusieurs contacts.',
  'This field is asked for already.': 'Ce champ est déjà demandé.',
  'This file is compressed. Unpack it and send the CSV file inside.':
    'Ce fichier est compressé. Décompressez-le et envoyez le fichier CSV qu’il contient.',
  'This file is not text, so it cannot be a CSV file.':
    'Ce fichier n’est pas du texte : ce ne peut pas être un fichier CSV.',
  'This form is archived. Make a copy of it instead.':
    'Ce formulaire est archivé. Faites-en plutôt une copie.',
  'This group has no condition.': 'Ce groupe n’a pas de condition.',
  'This import was taken back already.': 'Cet import a déjà été annulé.',
  'This invitation is for another e-mail address. Sign out, then open it again.':
    'Cette invitation est pour une autre adresse e-mail. Déconnectez-vous, puis ouvrez-la de nouveau.',
  'This invitation was used, revoked or has expired. Ask for a new one.':
    'Cette invitation a été utilisée, révoquée ou a expiré. Demandez-en une nouvelle.',
  'This is a spreadsheet workbook, not a CSV file. In the spreadsheet choose "Save as" and the type CSV UTF-8.':
    'C’est un classeur de tableur, pas un fichier CSV. Dans le tableur, choisissez « Enregistrer sous » et le type CSV UTF-8.',
  'This is needed.': 'Ce champ est nécessaire.',
  'This is not a cron expression of five fields that runs at most {} times a day.':
    'Ce n’est pas une expression cron de cinq champs qui s’exécute au plus {} fois par jour.',
  'This is not a currency, such as EUR.': 'Ce n’est pas une monnaie, par exemple EUR.',
  'This is not a time zone, such as Europe/Paris.':
    'Ce n’est pas un fuseau horaire, par exemple Europe/Paris.',
  'This is not an address of this channel.': 'Ce n’est pas une adresse de ce canal.',
  'This is not an e-mail address.': 'Ce n’est pas une adresse e-mail.',
  'This is not possible in the campaign’s present state.': 'L’état actuel de la campagne ne le permet pas.',
  'This is not recommended any more, or cannot be used like that. Look at the recommendations again.':
    'Ce n’est plus recommandé, ou ne peut pas s’appliquer ainsi. Regardez de nouveau les recommandations.',
  'This key is taken.': 'Cette clé est déjà prise.',
  'This language is offered: the text is needed in it.':
    'Cette langue est proposée : le texte est nécessaire dans cette langue.',
  'This link leads nowhere.': 'Ce lien ne mène nulle part.',
  'This link was already used, or is older than an hour. Ask for a new one.':
    'Ce lien a déjà servi, ou date de plus d’une heure. Demandez-en un nouveau.',
  'This list has been taken back. Begin a new one.': 'Cette liste a été annulée. Commencez-en une nouvelle.',
  'This message cannot be sent as it is.': 'Ce message ne peut pas partir tel quel.',
  'This page address is not valid. Start from the first page.':
    'Cette adresse de page n’est pas valable. Reprenez à la première page.',
  'This page position is not valid. Start from the first page.':
    'Cette position de page n’est pas valable. Reprenez à la première page.',
  'This password is too easy to guess.': 'Ce mot de passe est trop facile à deviner.',
  'This person already has an open invitation. Send it again instead.':
    'Cette personne a déjà une invitation en attente. Renvoyez-la plutôt.',
  'This person is already a member.': 'Cette personne est déjà membre.',
  'This plan names no day on which it would run.': 'Cette planification ne désigne aucun jour d’exécution.',
  'This request is being carried out or has ended already.':
    'Cette demande est en cours d’exécution ou déjà terminée.',
  'This request must come from Fanfare’s own pages.': 'Cette requête doit venir des pages de Fanfare.',
  'This rule cannot be used as it is.': 'Cette règle ne peut pas servir telle quelle.',
  'This rule leads back to the segment itself.': 'Cette règle ramène au segment lui-même.',
  'This rule would read too much to be answered in time.':
    'Cette règle lirait trop de données pour répondre à temps.',
  'This run has already ended.': 'Cet envoi est déjà terminé.',
  'This segment is in use and cannot be deleted. Take it out of these places first.':
    'Ce segment est utilisé et ne peut pas être supprimé. Retirez-le d’abord de ces endroits.',
  'This selection cannot be read.': 'Cette sélection est illisible.',
  'This sign-in took too long. Enter your password again.':
    'Cette connexion a pris trop de temps. Saisissez de nouveau votre mot de passe.',
  'This test cannot be set up like this.': 'Ce test ne peut pas être réglé ainsi.',
  'This test has begun: its variants and its rule can no longer change.':
    'Ce test a commencé : ses variantes et sa règle ne peuvent plus changer.',
  'This test has ended, and its decision stands.': 'Ce test est terminé, et sa décision est acquise.',
  'This test has no such variant.': 'Ce test n’a pas cette variante.',
  'This test has not begun yet.': 'Ce test n’a pas encore commencé.',
  'This text holds a character that cannot be stored.':
    'Ce texte contient un caractère qui ne peut pas être enregistré.',
  'This topic does not go out on this channel.': 'Ce sujet ne part pas par ce canal.',
  'This trigger cannot be used as it is.': 'Ce déclencheur ne peut pas servir tel quel.',
  'This write key is not known, or was revoked. Send the write key of a source as user of Basic authentication, or as writeKey in the body.':
    'Cette clé d’écriture est inconnue, ou a été révoquée. Envoyez la clé d’écriture d’une source comme utilisateur de l’authentification Basic, ou comme writeKey dans le corps.',
  'Too many API keys. Revoke some first.': 'Trop de clés d’API. Révoquez-en d’abord.',
  'Too many attempts. Wait before you try again.': 'Trop d’essais. Attendez avant de réessayer.',
  'Too many open invitations. Revoke some first.': 'Trop d’invitations en attente. Révoquez-en d’abord.',
  'Too many requests. Wait a little and try again.': 'Trop de requêtes. Attendez un peu et réessayez.',
  'Use a country code such as FR.': 'Utilisez un code de pays comme FR.',
  'Use a domain of your own: operators refuse public shorteners.':
    'Utilisez un domaine à vous : les opérateurs refusent les raccourcisseurs publics.',
  'What was sent is too large.': 'Ce qui a été envoyé est trop volumineux.',
  'Where a field says who gets what, a control is a variant: choose 0 %.':
    'Quand un champ dit qui reçoit quoi, un témoin est une variante : choisissez 0 %.',
  'Where a field says who gets what, everybody takes part: choose 100 %.':
    'Quand un champ dit qui reçoit quoi, tout le monde participe : choisissez 100 %.',
  'In a campaign that events set off everybody takes part: choose 100 %.':
    'Dans une campagne déclenchée par des événements, tout le monde participe : choisissez 100 %.',
  'Whoever gets no message can neither open nor click: choose conversions or revenue.':
    'Qui ne reçoit pas de message ne peut ni ouvrir ni cliquer : choisissez les conversions ou le chiffre d’affaires.',
  'With the segments it refers to, this rule has more than {} conditions.':
    'Avec les segments qu’elle cite, cette règle a plus de {} conditions.',
  'Write a day and a time like {}.': 'Écrivez un jour et une heure comme {}.',
  'Write a time like {}.': 'Écrivez une heure comme {}.',
  'Write five fields such as 0 9 * * 1-5; at most {} times a day.':
    'Écrivez cinq champs comme 0 9 * * 1-5 ; au plus {} fois par jour.',
  'Write key:value.': 'Écrivez clé:valeur.',
  'You already belong to as many organizations as one may.':
    'Vous appartenez déjà au nombre maximal d’organisations.',
  'You already have an account. Sign in to accept the invitation.':
    'Vous avez déjà un compte. Connectez-vous pour accepter l’invitation.',
  'You do not belong to such an organization.': 'Vous n’appartenez pas à cette organisation.',
  'Your present password is not right.': 'Votre mot de passe actuel est incorrect.',
  'Your role does not allow this.': 'Votre rôle ne le permet pas.',
  '{} takes one of: {}.': '{} accepte l’un de : {}.',
  'This rule asks about a property that is marked as personal, and you may not see those.':
    'Cette règle interroge une propriété marquée comme personnelle, que vous ne pouvez pas voir.',
  'No such run of this campaign.': 'Cet envoi n’existe pas dans cette campagne.',
  'These rules cannot be used.': 'Ces règles ne peuvent pas être utilisées.',
  'Files are about the whole campaign. Leave the run out, or ask for JSON.':
    'Les fichiers portent sur toute la campagne. Omettez l’envoi, ou demandez du JSON.',
  'The preference centre does not offer the topic “{}”.':
    'Le centre de préférences ne propose pas le sujet « {} ».',
  'Needs one of: {}.': 'Il faut l’un de : {}.',
  'Groups can be nested at most {} deep.': 'Les groupes peuvent être imbriqués sur {} niveaux au plus.',
  'A rule can have at most {} conditions.': 'Une règle compte au plus {} conditions.',
  'A rule can have at most {} groups.': 'Une règle compte au plus {} groupes.',
  'Only marketing is about a topic.': 'Seul le marketing porte sur un sujet.',
  'Shares can follow the evidence only in a campaign that events set off.':
    'Les parts ne peuvent suivre les résultats que dans une campagne déclenchée par un événement.',
  'Shares cannot follow the evidence where a field says who gets what.':
    'Les parts ne peuvent pas suivre les résultats là où un champ dit qui reçoit quoi.',
  'Add a sender first: a mail needs one.': 'Ajoutez d’abord un expéditeur : un e-mail en a besoin.',
  'This holds a character that no key has, perhaps from a word processor. Copy it again.':
    'Ceci contient un caractère qu’aucune clé ne possède, peut-être issu d’un traitement de texte. Copiez la valeur de nouveau.',
  'Write it as the provider shows it, such as “{}”.':
    'Écrivez-le tel que le prestataire l’affiche, par exemple « {} ».',
  'Enter a number with its country code, such as {}.':
    'Saisissez un numéro avec l’indicatif du pays, par exemple {}.',
  'Enter a public https address. Private hosts are called only where the operator allows them with FANFARE_EGRESS_ALLOW.':
    'Saisissez une adresse https publique. Les hôtes privés ne sont appelés que si l’opérateur les autorise avec FANFARE_EGRESS_ALLOW.',

  // Of the intake of events.
  'A message is an object.': 'Un message est un objet.',
  'Say who: userId, anonymousId, contactId, email or phone.':
    'Dites qui : userId, anonymousId, contactId, email ou phone.',
  'A message needs a userId or an anonymousId.': 'Un message a besoin d’un userId ou d’un anonymousId.',
  'An alias names the id that goes.': 'Un alias nomme l’identifiant qui disparaît.',
  'A group has an id.': 'Un groupe a un identifiant.',
  'Nested at most {} deep.': 'Imbriqué sur {} niveaux au plus.',
  'A text or a number.': 'Un texte ou un nombre.',
  'Control characters are not allowed.': 'Les caractères de contrôle ne sont pas admis.',
  'An instant as ISO 8601, for example {}.': 'Un instant au format ISO 8601, par exemple {}.',
  'A track event has a name.': 'Un événement track a un nom.',

  // Why a message did not leave, where no provider has words for it.
  'No provider is set up for the channel {}.': 'Aucun prestataire n’est configuré pour le canal {}.',
  'The sender address “{}” is not valid.': 'L’adresse d’expéditeur « {} » n’est pas valable.',
  'The destination is not allowed.': 'La destination n’est pas autorisée.',
  'The person has no number.': 'La personne n’a pas de numéro.',
  'The person has not written within 24 hours; a template is needed.':
    'La personne n’a pas écrit depuis 24 heures ; il faut un modèle.',
  'This receiver refuses the sending domain; it is left alone for a while.':
    'Ce destinataire refuse le domaine d’envoi ; il est laissé tranquille un moment.',
  'The return path is not a valid address.': 'L’adresse de retour n’est pas valable.',
  'The address is not valid.': 'L’adresse n’est pas valable.',
  'The message is empty.': 'Le message est vide.',
  'The message is larger than the {} bytes that the mail server takes.':
    'Le message dépasse les {} octets que le serveur de messagerie accepte.',
  'The mail is larger than the {} bytes that Amazon SES takes.':
    'L’e-mail dépasse les {} octets qu’Amazon SES accepte.',
  'The payload is larger than {} bytes.': 'Le contenu dépasse {} octets.',
  'WhatsApp takes at most {} characters.': 'WhatsApp accepte au plus {} caractères.',
  'The mail server does not take addresses beyond ASCII.':
    'Le serveur de messagerie n’accepte que les adresses en ASCII.',
  'The name {} is not known: {}': 'Le nom {} est inconnu : {}',
  'The name {} is not known. Check the address.': 'Le nom {} est inconnu. Vérifiez l’adresse.',
  'The name {} could not be looked up just now.': 'Le nom {} n’a pas pu être résolu pour l’instant.',
  'The connection to {} was refused.': 'La connexion à {} a été refusée.',
  'No way leads from here to {}.': 'Aucun chemin ne mène d’ici à {}.',
  'No answer came from {} in time.': '{} n’a pas répondu à temps.',
  'No whole answer came from {} within {} s.': '{} n’a pas donné de réponse complète en {} s.',
  'The connection to {} ended before it answered.': 'La connexion à {} s’est coupée avant la réponse.',
  'The certificate of {} has run out.': 'Le certificat de {} a expiré.',
  'The certificate of {} is made out to another name.': 'Le certificat de {} est établi à un autre nom.',
  'The certificate of {} cannot be trusted.': 'Le certificat de {} n’est pas digne de confiance.',
  'No secure connection to {} could be agreed on.': 'Aucune connexion sécurisée n’a pu être établie avec {}.',
  'The mail server does not offer STARTTLS.': 'Le serveur de messagerie ne propose pas STARTTLS.',
  'The mail server offers no TLS, and a password must not cross the network in the clear.':
    'Le serveur de messagerie ne propose pas TLS, et un mot de passe ne doit pas traverser le réseau en clair.',
  'The mail server takes neither AUTH PLAIN nor AUTH LOGIN.':
    'Le serveur de messagerie n’accepte ni AUTH PLAIN ni AUTH LOGIN.',
  'The mail server takes neither AUTH PLAIN nor AUTH LOGIN (only {}).':
    'Le serveur de messagerie n’accepte ni AUTH PLAIN ni AUTH LOGIN (seulement {}).',
  'The mail server closed the connection while TLS began.':
    'Le serveur de messagerie a fermé la connexion au début de TLS.',
  'The provider was not asked.': 'Le prestataire n’a pas été interrogé.',
  'The provider answers {} when it is asked about a message.':
    'Le prestataire répond {} quand on l’interroge sur un message.',
  'The provider lists more than is read.': 'Le prestataire en liste plus qu’on n’en lit.',
  'The address answers {}.': 'L’adresse répond {}.',
  'The gateway answers {}. {}': 'La passerelle répond {}. {}',
  'Amazon SES answers {}.': 'Amazon SES répond {}.',
  'Mailgun answers {}.': 'Mailgun répond {}.',
  'Postmark answers {}.': 'Postmark répond {}.',
  'Resend answers {}.': 'Resend répond {}.',
  'SendGrid answers {}.': 'SendGrid répond {}.',
  'Twilio answers {}.': 'Twilio répond {}.',
  'Vonage answers {}.': 'Vonage répond {}.',
  'WhatsApp answers {}.': 'WhatsApp répond {}.',

  // Of the platform.
  'The mail server did not take the mail. Check the SMTP settings and that the server answers.':
    'Le serveur de messagerie n’a pas accepté l’e-mail. Vérifiez les réglages SMTP et que le serveur répond.',
  'The mail is too large.': 'L’e-mail est trop volumineux.',
  'The mail was not taken.': 'L’e-mail n’a pas été accepté.',
  'The mailbox could not store the mail; try again.':
    'La boîte locale n’a pas pu enregistrer l’e-mail ; réessayez.',
  'A stored secret cannot be read with the present key. Restore the installation key (FANFARE_KEY or keys/master.key in the data directory).':
    'Un secret enregistré est illisible avec la clé actuelle. Restaurez la clé d’installation (FANFARE_KEY, ou keys/master.key dans le dossier de données).',
  'A header of the name {} may not be sent.': 'Un en-tête du nom {} ne peut pas être envoyé.',
  'The header {} holds a character that no header may have, perhaps from a word processor.':
    'L’en-tête {} contient un caractère qu’aucun en-tête ne peut avoir, peut-être issu d’un traitement de texte.',
  'The destination did not answer in time.': 'La destination n’a pas répondu à temps.',
  'This destination is not allowed. Use a public https address without credentials.':
    'Cette destination n’est pas autorisée. Utilisez une adresse https publique, sans identifiants.',
}
