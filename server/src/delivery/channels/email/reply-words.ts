/**
 * What providers write, and what they mean by it: the words that a refusal is judged by where its code is silent or
 * says something else. First match wins; the order is part of the rule. Pure data.
 */
import type { Meaning } from './replies.ts'

export const INVALID_RECIPIENT: Meaning = { class: 'hard', reason: 'invalid_recipient' }
export const INACTIVE_MAILBOX: Meaning = { class: 'hard', reason: 'inactive_mailbox' }
/** Reported at second hand, and often only for a while: it counts until it repeats. */
export const SUSPENDED_MAILBOX: Meaning = { class: 'soft', reason: 'inactive_mailbox' }
export const NO_SUCH_HOST: Meaning = { class: 'hard', reason: 'invalid_domain' }
export const MOVED: Meaning = { class: 'hard', reason: 'moved' }
export const NO_MAIL_HERE: Meaning = { class: 'hard', reason: 'accepts_no_mail' }
/** The address was taken and refused later: a filter of the reader's, not a missing mailbox. */
export const FILTERED: Meaning = { class: 'soft', reason: 'filtered' }
export const MAILBOX_FULL: Meaning = { class: 'soft', reason: 'mailbox_full' }
export const SYSTEM: Meaning = { class: 'busy', reason: 'receiver_unavailable' }
export const SLOWED: Meaning = { class: 'busy', reason: 'slowed_down' }
export const EXPIRED: Meaning = { class: 'soft', reason: 'expired' }
export const POLICY: Meaning = { class: 'block', reason: 'policy' }
export const AUTHENTICATION: Meaning = { class: 'block', reason: 'authentication' }
export const REPUTATION: Meaning = { class: 'block', reason: 'reputation' }
export const SPAM: Meaning = { class: 'block', reason: 'spam' }
export const RELAY: Meaning = { class: 'block', reason: 'relay_refused' }
export const TOO_LARGE: Meaning = { class: 'content', reason: 'too_large' }
export const CONTENT: Meaning = { class: 'content', reason: 'content' }
export const SENDER: Meaning = { class: 'configuration', reason: 'sender_refused' }
/** Our account at the mail server has sent what it may for a while. */
export const QUOTA: Meaning = { class: 'configuration', reason: 'sending_quota' }
export const UNKNOWN: Meaning = { class: 'soft', reason: 'undetermined' }

/** One reading of words. */
export interface WordRule {
  pattern: RegExp
  meaning: Meaning
}

const rule = (meaning: Meaning, ...patterns: readonly RegExp[]): WordRule => ({
  pattern: new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 'i'),
  meaning,
})

/** What names the limit of an account that sends, whatever code stands beside it. */
const ACCOUNT_LIMIT = new RegExp(
  [
    /DailyLimitExceeded|SubmissionQuotaExceeded|message count quota exceeded|over message quota|sender throttled due/,
    /\bdaily\b[^.;]{0,30}\b(?:sending|submission|relay)\b[^.;]{0,15}\b(?:limit|quota)\b/,
    /\b(?:sending|submission|outgoing|outbound)(?: (?:message|e?-?mail))? (?:limit|quota)\b[^.;]{0,30}\b(?:exceed|reach)/,
    /\b(?:exceeded|reached)\b[^.;]{0,40}\b(?:sending|submission|outgoing|outbound)(?: (?:message|e?-?mail))? (?:limit|quota)\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
)
/** What names a limit, and whose it is only by what else is said. */
const SOME_LIMIT = new RegExp(
  [
    /\byou(?:'ve|’ve| have|r account has)?\b[^.;]{0,20}\b(?:exceeded|reached)\b[^.;]{0,30}\b(?:limit|quota)\b/,
    /\b(?:exceeded|reached)\b[^.;]{0,20}\bdaily limit\b/,
    /\bexceeded\b[^.;]{0,30}\bmax(?:imum)?\b[^.;]{0,30}\b(?:messages|recipients|e?-?mails|mails|defers and failures)\b[^.;]{0,20}(?:per|an?|each|every|in (?:one|a|24)|\/) ?(?:day|24|hour)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
)
/** The receiver's own room, or the pace at which one of its people may be written to. */
const OF_RECEIVER =
  /\b(?:mail ?box|inbox|maildrop|storage|disk)\b|\breceiv(?:e|es|ed|ing)\b|\b(?:recipient|user|account)\b[^.;]{0,20}\b(?:over)?quota\b|\b(?:recipient|user)\b[^.;]{0,20}\b(?:has|have) (?:exceeded|reached)\b|\b(?:to|for) (?:this|that) (?:recipient|user|address)\b/i

/**
 * Does a reply say that the account we send with is at its limit? Then nobody who is written to is to blame, and the same
 * is said to everybody until the limit opens again.
 * Source: Google's and Microsoft's lists of SMTP errors, words of hosting providers
 */
export function isAccountLimit({ enhanced, text }: { enhanced: string | null; text: string }): boolean {
  const said = text.replaceAll(/\s+/g, ' ')
  const code = enhanced?.slice(enhanced.indexOf('.') + 1)
  if (code === '1.90') return true
  if (ACCOUNT_LIMIT.test(said))
    return !/\breceiv(?:e|ing)\b|\b(?:to|for) (?:this|that) recipient\b/i.test(said)
  if (OF_RECEIVER.test(said)) return false
  return SOME_LIMIT.test(said) || (code === '7.1' && /\bquota\b/i.test(said))
}

/** The rules, in order. */
export const WORD_RULES: readonly WordRule[] = [
  // Said of nobody: filters of readers answer so after they have read the mail.
  rule(
    FILTERED,
    /^\d{3}:? : user unknown/,
    /header error \(state/,
    /user (?:reject|rules|refuses)|recipient preferences|refuses? to receive|only accepting mail from|blocked by the recipient|has restricted|is protected by/,
  ),
  // Codes of one provider that stand for its sentences.
  rule(MAILBOX_FULL, /\b(?:OFR|LPN)\w*_(?:417|422)\b/),
  rule(SUSPENDED_MAILBOX, /\b(?:OFR|LPN)\w*_(?:420|425|426|427)\b/),
  rule(INVALID_RECIPIENT, /\b(?:OFR|LPN)\w*_416\b/, /and other recipients in the same domain/),
  rule(SENDER, /\b(?:OFR|LPN)\w*_(?:40\d|415|418|421|43\d|44\d)\b/, /\bgroups\.google\.com\b/),
  rule(REPUTATION, /\b(?:OFR|LPN)\w*_(?:[12]\d\d|999)\b/),
  rule(SPAM, /\b(?:OFR|LPN)\w*_5\d\d\b/),
  rule(SLOWED, /\bAUP#In-13\d0\b/),

  rule(
    MAILBOX_FULL,
    /(?:mail ?box|inbox|account|user|recipient|maildrop|mail ?folder|message store|bo[iî]te)\b[^.;\n]{0,40}\b(?:is |are |was )?(?:over ?)?(?:full|quota|pleine)\b/,
    /\bover ?quota\b|\b(?:quota|storage)\b[^.;\n]{0,30}\b(?:exceed\w*|violat\w*|over|full)|(?:exceed\w*|over|out of|insufficient)\b[^.;\n]{0,40}\b(?:quota|storage|mailbox size|mailbox limit)/,
    /mailbox[^.;\n]{0,30}(?:exceed|too large|no space|out of space|size limit)|not enough (?:storage|disk) space|full mailbox|mail ?box full|disc? quota|boite du destinataire pleine/,
    /\b(?:MapiExceptionShutoffQuotaExceeded|mailbox_?full|out of storage|AVERAGE_DISC_USAGE)\b/,
  ),
  rule(
    TOO_LARGE,
    /(?:message|mail|body|header|attachment|file|content)s?\b[^.;\n]{0,40}\b(?:too (?:large|big|long)|exceeds?\b[^.;\n]{0,60}\b(?:size|length|limit|maximum)|oversized?)/,
    /(?:size|length)\b[^.;\n]{0,30}\bexceeds?|exceeds?\b[^.;\n]{0,30}\b(?:maximum|max|size|length)|too large (?:body|message)|size limit|RecipSizeLimit|max(?:imum)? message size|message size limit/,
  ),
  rule(
    SLOWED,
    /too many (?:messages|connections|recipients|mails?|e-?mails?|concurrent|sessions|errors from|simultaneous|requests|hits)|too (?:fast|frequent|much)\b[^.;\n]{0,30}\b(?:mail|connect|sending)?/,
    /(?:rate|frequency|connection|volume|hourly|daily|sending)\b[^.;\n]{0,25}\b(?:limit\w*|exceeded)|throttl|slow(?:ing)? down|sent to too many recipients|sending (?:too|mail too)|connection frequency/,
    /exceeded\b[^.;\n]{0,40}\b(?:messages|connections|recipients|rate|sending)/,
  ),
  rule(
    MOVED,
    /no longer (?:on server|here|valid|at this|works?|in use|available|with)|has moved|user moved|moved to (?:another|a new)|address (?:has )?changed|changed (?:his|her|their|its)? ?(?:e-?mail )?address|mailbox (?:has been )?moved|has been replaced by|recipient no longer|please try <|not our customer/,
  ),
  rule(
    RELAY,
    /relay(?:ing)?\b[^.;\n]{0,30}\b(?:denied|not (?:permitted|allowed)|prohibited|refused|rejected|disallowed)|(?:unable|refus\w+|not allowed|not permitted|cannot|won't|will not|insecure|unauthori[sz]ed|no)\s+(?:to\s+)?(?:mail\s+)?relay|we do not relay|not a gateway|relay not|(?:e-?mail address|identity) is not verified|isn't in my list of allowed rcpthosts|that domain isn't in my list|not local host|account is not allowed to send/,
  ),
  rule(
    AUTHENTICATION,
    /\b(?:spf|dkim|dmarc|arc|domainkeys)\b|unauthenticated (?:e?-?mail|sender|message)|sender is unauthenticated|authentication (?:level|required by)|not authenticated|does not pass\b[^.;\n]{0,40}\bverification|spoof|forged|sender policy framework|not (?:authori[sz]ed|permitted) to send (?:mail |e-?mail )?(?:for|from|on behalf)|domain owner/,
  ),
  rule(
    REPUTATION,
    /my name was rejected|connection (?:was )?(?:dropped|reset)|requires confirmation|open proxy|zombied|reverse (?:dns|lookup|hostname|mapping)|\bptr\b|\brdns\b|(?:cannot|unable to|can't|could not|does not|not) (?:find your hostname|resolve your|have a valid (?:dns|hostname)|resolve (?:the )?(?:ip|client|host))|without (?:a )?(?:valid )?(?:reverse|sender domain|ptr|rdns)|no (?:valid )?(?:reverse|host ?name)|mismatch\w* client ip|hostname\b[^.;\n]{0,30}\b(?:not found|mismatch)|client host rejected: (?:cannot|may not)|fix (?:your )?(?:reverse|dns)|ip (?:name|reverse)|dynamic (?:ip|address|host)|generic (?:ptr|hostname|rdns)/,
    /(?:block|black|deny|drop|reject)[ -]?list|\brbl\b|\bdns[bw]l\b|\b(?:spamhaus|spamcop|barracuda|proofpoint|cloudmark|senderscore|sorbs|uceprotect|invaluement|mailspike|abuseat|trendmicro|cbl)\b|\b(?:poor|bad|low|no) (?:ip |domain |sender )?reputation|reputation/,
    /(?:\bip\b|client|host|server|network|sender|connection|connections|\[?\d{1,3}(?:\.\d{1,3}){3}\]?)\b[^.;\n]{0,60}\b(?:(?:is|are|was|were|been|has been|temporarily) )*(?:block\w*|banned|refused|listed|denied|black\w*)\b/,
    /\b(?:blocked|banned|refused|rejected)\b[^.;\n]{0,30}\b(?:ip|sending ip|server|host|network|client)\b|banned sending|access denied|access (?:from|to)\b[^.;\n]{0,40}\b(?:denied|refused)|(?:connection|connections|service|session)\s+(?:was |is |has been |not )?(?:refused|rejected|dropped|not accepted|denied)|service refus|no smtp service|refused to talk to me|not (?:accept|allow)\w* (?:mail|connections?|messages?) from (?:your|this|dial|dynamic|server|host|ip)|your (?:ip|host|server|network|mail server|access)\b|helo (?:command )?(?:rejected|invalid)|bad helo|\(BL\)|unexpected volume|user complaints|\bTSS?0\d\b|connection refused by|no access from|open relay|not welcome|go away|suspicious (?:smtp|activity)|connection(?:s)? (?:from|not accepted)|you are not allowed to connect|mail from\b[^.;\n]{0,60}\brefused|client host|closing transmission|too many (?:bad|invalid|spam|unknown)/,
  ),
  rule(
    CONTENT,
    /headers? too large|media error|invalid (?:content|mime|header encoding)|(?:mime|attachment|content)\b[^.;\n]{0,30}\b(?:error|invalid|malformed|not (?:allowed|supported|accepted)|forbidden|prohibited type)|contains? (?:invalid|illegal|bare)\b|improper use of 8-bit|bare (?:lf|cr|newline)s?|line (?:too long|length)|8[- ]?bit (?:mime|data|character)\w* not|the message contains a|message filtered|routing loop detected -- too many received|failed to scan/,
  ),
  rule(
    POLICY,
    /\brfc[ -]?(?:282[12]|532[12]|1123|2045|2047)\b|not (?:fully )?rfc|not (?:rfc|standards?)[- ]compliant|duplicate header|multiple (?:addresses|subject|from|headers)|missing (?:from|date|message-id|required|header|valid)|malformed (?:message|header)|header (?:missing|error|syntax)|invalid (?:header|from|message-id)/,
  ),
  rule(
    SENDER,
    /(?:sender|mail ?from|envelope[- ]from|return[- ]path|from (?:address|domain|header|field)|reverse-path)\b[^.;\n]{0,60}\b(?:reject\w*|refused|invalid|does not exist|doesn't exist|not (?:exist|allowed|accepted|valid|found|resolve|permitted|verified)|denied|unknown|unresolvable|bad|malformed|blocked|blacklisted|undeliverable|must (?:exist|resolve|be)|verify failed|verification failed|no (?:mx|a record))/,
    /domain of sender|\bbatv\b|backscatter|returned mail not accepted|third-party dsn|gateway user|emetteur invalide|address or alias using|not pre-approved|senders to accept mail|from:? ?domain is invalid|valid from:|(?:invalid|bad|unresolvable|unknown|rejected|unauthori[sz]ed|fake|illegal|empty|null) (?:envelope )?(?:sender|return[- ]path|from address)|unroutable sender|sender (?:verify|verification)|not allowed to send (?:to|mail|message)|(?:not|no) (?:have |having )?permission(?:s)? to (?:post|send|submit)|only members|not (?:a )?(?:member|subscriber)|not (?:authori[sz]ed|permitted|allowed) to (?:post|submit|send)|posting (?:to this|is restricted)|restricted (?:to|sender)|may not (?:have|be able to)[^.;\n]{0,40}\b(?:post|permission)|messages? (?:to|for) this (?:group|list)|unauthenticated senders|does not accept (?:mail|messages?|email) from|recipient only accept|domain does not exist: sender|verify the sender|no route to sender|<> ?sender|bounces? (?:not|are not)|null sender|address rejected: sender|domain must resolve|you are not allowed/,
  ),
  rule(
    SPAM,
    /\bspam\w*|unsolicited|\bu[bc]e\b|bulk (?:e?-?mail)|junk|content (?:rejected|blocked|denied|refused|filter)|message content|scored? as|phish|(?:rejected|blocked|refused)\b[^.;\n]{0,30}\bcontent|identified as|looks? like|banned (?:content|url|word)|body (?:contains|part)|url(?:s)? (?:listed|in)|surbl|uribl|(?:advertis|promot)\w+ (?:mail|material)/,
    /\bvirus\w*|malware|infected|trojan|worm\b|dangerous (?:attachment|content)|potentially (?:dangerous|harmful)|potential security/,
  ),
  rule(
    POLICY,
    /polic(?:y|ies)|security (?:reason|restriction|issue|setting|violation)|blocked because|prohibited|not accepted for|administrative(?:ly)? (?:prohibit|reject|block)|local (?:policy|rule)|\bfailed to delivery\b|administrator (?:has )?(?:block|prohibit|reject)|email rejected|access control|delivery not authori[sz]ed|rule imposed|blocked by|message (?:was )?(?:blocked|refused|denied)|restricted|encryption (?:required|needed)|must issue a starttls|tls (?:required|is required)|unauthori[sz]ed|command rejected|authentication (?:required|failed)|auth(?:entication)? (?:fail|required)|badly formed|password|login (?:fail|incorrect)/,
  ),
  rule(
    INVALID_RECIPIENT,
    /mailbox is inactive|not an active address|user not active|missing home directory|badrcptto|badrecipientto/,
  ),
  rule(
    SUSPENDED_MAILBOX,
    /archived recipient|destinataire archiv|(?:mail ?box|account|user|address|recipient|customer|compte|bo[iî]te|subscriber|e-?mail|email account|domain)\b[^.;\n]{0,60}\b(?:disabled?|inactive|suspend\w*|deactivated|deactive|closed|expired|locked|frozen|discontinued|on hold|bloque|bloqué|not (?:active|activated|enabled)|temporarily (?:locked|unavailable|suspended)|out of order|terminated|blocked|barred|is blocked|under maintenance|inactif|désactivé)\b/,
    /(?:disabled?|inactive|suspended|deactivated|expired|locked|closed|blocked|frozen) (?:recipient|mail ?box|account|user|address|e-?mail)|is not accepting (?:any )?(?:mail|messages)|not accepting messages|over[- ]?due|invalid\/inactive|unavailable (?:to take|mailbox for)|account that you tried to reach is (?:inactive|disabled)/,
  ),
  rule(
    SYSTEM,
    /host not found, try again|host ?name lookup (?:failure|error)|temporar\w+ (?:lookup|dns|name)|name server: .{0,20}try again/,
  ),
  rule(
    NO_MAIL_HERE,
    /not accepting network messages|find a mail exchanger|null mx|does(?:n't| not) (?:receive|accept) (?:any )?(?:e-?mail|mail)\b|(?:no|does not) accept(?:s|ing)? (?:any )?mail|host does not (?:receive|accept)|smtp protocol returned a permanent error|no mail server|no mx (?:record|host|found)|mx\b[^.;\n]{0,40}\b(?:points? to|no valid|empty|malformed)|malformed or unexpected name server reply|cname lookup failed|nullmx|no valid mail server/,
  ),
  rule(
    NO_SUCH_HOST,
    /\b\d{3} [\w-]+(?:\.[\w-]+)+ does not exist|\b(?:host|domain|name) [\w-]+(?:\.[\w-]+)+ (?:was )?(?:not found|does not exist|unknown)|(?:host|domain|hostname|name)\b[^.;\n]{0,50}\b(?:not found|unknown|does(?:n't| not) exist|doesn't exist|no such|not (?:exist|reachable|valid)|invalid|unrouteable|couldn'?t (?:be )?(?:found|resolve)|could not be (?:found|resolved)|illegal|is not reachable)/,
    /(?:unknown|unrouteable|unroutable|invalid|bad|illegal|nonexistent|non-existent|no such|cannot (?:find|resolve)|can't find|couldn'?t find) (?:any )?(?:mail |destination |recipient |target )?(?:host|domain|server|system)|domain name not found|nxdomain|name service error|unrouteable (?:mail )?(?:domain|address)|(?:all|no) (?:relevant )?mx (?:records?|hosts?)\b[^.;\n]{0,30}(?:point|exist)|couldn't find any host|server not found|recipient domain (?:does|must|not)|address had permanent .*domain/,
  ),
  rule(
    INVALID_RECIPIENT,
    /(?:user|mail ?box|recipient|address|account|person|destinataire|customer|subscriber|member|alias|addressee|inbox|e-?mail(?: address| account)?|name|adresse|local[- ]?part|username|userid|login|client)\b[^.;\n]{0,70}\b(?:unknown|not (?:be )?(?:found|listed|known|exist\w*|recogni[sz]ed|valid|registered|here|available|in|an?|on|our|local|deliverable|hosted|resolved)|does ?n[o']t (?:exist|have)|doesn'?t (?:exist|have)|does not (?:exist|have)|do(?:es)? not exist|invalid\w*|no such|non[- ]?exist\w*|undeliverable|unavailable|not a valid|no mailbox|is not (?:a|in|my|our|valid|known|found|listed|recogni[sz]ed)|inconnue?|cannot be found|couldn'?t be found|could not be found|isn'?t (?:valid|known|listed|in|our|found)|has no|rejected|unrouteable|unroutable|refused|deleted|removed|destroyed|ambiguous|error|wrong|incorrect|bad|disconnected)\b/,
    /(?:no such|unknown|invalid|bad|non[- ]?existent|nonexisting|no|unavailable|undeliverable|illegal|incorrect|wrong|unrouteable|unroutable|not a known|not a valid|unable to find|cannot find|can't find|inactive) (?:e-?mail |mail |local |smtp |domino |directory |virtual |such |destination |forward )?(?:user\w*|mail ?box|recipient|address\w*|account|person|mail ?name|addressee|customer|alias|delivery address|inbox|entry)/,
    /RecipNotFound|RecipientNotFound|ADR\.(?:ExRecip)?\w*NotFound|not listed in|this user does|there is no one|no one (?:here )?by that|here by that name|not a registered|is not (?:known|a known|listed)|address rejected|no longer (?:exists?|valid)|(?:is )?not (?:a )?(?:registered|deliverable)|destinataire (?:invalide|inconnu)|user unknown|unknown to|not our customer|can'?t (?:verify|find) (?:user|mailbox|account)|does not like recipient|mailbox unavailable|invalid address|unrouteable address|undeliverable address|bad destination|user not exist|user doesn|not have (?:an? )?(?:account|mailbox|such)|no account (?:by|with)|could not be found/,
  ),
  rule(
    SYSTEM,
    /duplicated message-id|find a gateway|syntax error|command (?:parameter )?(?:not |un)(?:implemented|recogni[sz]ed)|bad sequence|not implemented|out of sequence|invalid command|improper command/,
    /(?:insufficient|not enough|no|low)\b[^.;\n]{0,20}\b(?:disk|system) (?:space|storage)|disk (?:is )?full|file ?system full|out of disk/,
    /too many hops|hop count|mail loop|loops? back|routing loop|loop detected|message (?:probably )?in a (?:routing )?loop|maximum forwarding|forwarding loop/,
    /system (?:error|failure|config|problem|not accepting)|internal (?:error|server error|system error|software error)|local (?:error|problem|configuration)|(?:service|server|system)\b[^.;\n]{0,30}\b(?:unavailable|not available|busy|down|error|overload\w*|problem)|resources? temporarily|temporary (?:failure|error|problem|lookup)|temporarily (?:unavailable|unable|deferred|rejected)|configuration error|server configuration|could not (?:create|write|open|execute)|cannot (?:create|open|write|append|allocate)|can'?t (?:create|open|write)|i\/o error|command (?:died|failed|output|time limit)|(?:exit|signal) (?:status|code|\d)|mailer (?:error|returned)|procmail|maildrop|pipe|child process|unexpected (?:failure|error)|lost (?:input )?connection|connection (?:lost|reset|closed|dropped|broken|aborted)|network (?:error|unreachable|is unreachable)|no route to host|host is unreachable|unreachable|broken pipe|(?:dns|name ?server|mx) (?:error|timeout|lookup|server|failure|temporar)|starttls|tls (?:handshake|negotiation|session|error)|certificate|handshake/,
  ),
  rule(
    EXPIRED,
    /\bfailed \d+ attempts|aborted after|time[d]? ?-?out|expired|(?:delivery|retry) time|too (?:old|long)|could not be delivered (?:for|within|in)|(?:not|n't) (?:been )?(?:delivered|possible) (?:for|within|after)|giving up|retry timeout|queue (?:too long|lifetime|time)|no answer|did not (?:respond|accept our requests)|not respond(?:ing)?|unable to (?:connect|contact|deliver in)|cannot connect|could not connect|couldn'?t connect|can't connect|connection (?:refused|timed)|connect to\b|(?:has|had) been in the queue|undeliverable for|warning: message|days?\b[^.;\n]{0,20}\bqueue|been delayed|delayed|still being retried|will (?:be|keep) retr|try again later|please try|greylist\w*|graylist\w*/,
  ),
]
