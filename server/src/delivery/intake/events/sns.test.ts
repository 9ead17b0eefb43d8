/** Notifications of Amazon SNS: what is signed by Amazon for our topic is believed, and nothing else. */
import { createSign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { EgressAnswer } from '../../../platform/egress/index.ts'
import { confirmSns, isGenuineSns, readSns, type SnsNotification } from './sns.ts'

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:fanfare'
const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789.pem'

/** Amazon, as far as these tests need it: serves a certificate at its address, notes who asks for what. */
function amazon(): { asked: string[]; request: (url: string) => Promise<EgressAnswer> } {
  const asked: string[] = []
  return {
    asked,
    request: (url) => {
      asked.push(url)
      return Promise.resolve({ status: 200, headers: {}, body: CERTIFICATE })
    },
  }
}

/** The text that Amazon signs, written down from its documentation: names in their order, each on a line of its own. */
const signedText = (notification: SnsNotification): string =>
  (notification.Type === 'Notification'
    ? [
        ['Message', notification.Message],
        ['MessageId', notification.MessageId],
        ...(notification.Subject === undefined ? [] : [['Subject', notification.Subject]]),
        ['Timestamp', notification.Timestamp],
        ['TopicArn', notification.TopicArn],
        ['Type', notification.Type],
      ]
    : [
        ['Message', notification.Message],
        ['MessageId', notification.MessageId],
        ['SubscribeURL', notification.SubscribeURL],
        ['Timestamp', notification.Timestamp],
        ['Token', notification.Token],
        ['TopicArn', notification.TopicArn],
        ['Type', notification.Type],
      ]
  )
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('')

function signed(change: Partial<SnsNotification> = {}): SnsNotification {
  const notification: SnsNotification = {
    Type: 'Notification',
    MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
    TopicArn: TOPIC,
    Message: '{"eventType":"Delivery"}',
    Timestamp: '2026-11-20T10:00:00.000Z',
    SignatureVersion: '2',
    Signature: '',
    SigningCertURL: CERTIFICATE_URL,
    ...change,
  }
  const sign = createSign(notification.SignatureVersion === '2' ? 'sha256' : 'sha1')
  return { ...notification, Signature: sign.update(signedText(notification)).sign(KEY, 'base64') }
}

const isGenuine = (notification: SnsNotification, topic = TOPIC): Promise<boolean> =>
  isGenuineSns(amazon(), notification, topic)

describe('a notification', () => {
  test('FR-006.1 is believed when Amazon signed it, in both versions of signatures, with a subject and without', async () => {
    expect(await isGenuine(signed())).toBe(true)
    expect(await isGenuine(signed({ SignatureVersion: '1' }))).toBe(true)
    expect(await isGenuine(signed({ Subject: 'Amazon SES Email Event Notification' }))).toBe(true)
    const subscription = signed({
      Type: 'SubscriptionConfirmation',
      Token: 'token',
      SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
    })
    expect(await isGenuine(subscription)).toBe(true)
    expect(await isGenuine({ ...subscription, Token: 'another' })).toBe(false)
  })

  test('FR-006.1 is not believed when anything in it was changed', async () => {
    const genuine = signed({ Subject: 'Event' })
    const changes: Partial<SnsNotification>[] = [
      { Message: '{"eventType":"Bounce"}' },
      { MessageId: 'another' },
      { Subject: 'Another' },
      { Timestamp: '2026-11-20T10:00:01.000Z' },
      { Signature: genuine.Signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
      { Signature: 'none at all' },
      { SignatureVersion: '1' },
    ]
    const believed = await Promise.all(
      changes.map(async (change) => ((await isGenuine({ ...genuine, ...change })) ? [change] : [])),
    )
    expect(believed.flat()).toEqual([])
  })

  test('is not believed for another topic, nor while the organization has named none', async () => {
    expect(await isGenuine(signed({ TopicArn: `${TOPIC}-other` }))).toBe(false)
    expect(await isGenuine(signed(), '')).toBe(false)
  })

  test('is not believed by a certificate from elsewhere, which is not even fetched', async () => {
    for (const SigningCertURL of [
      'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService.pem',
      'https://evil.example/sns.eu-west-1.amazonaws.com.pem',
      'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService.pem',
      'https://s3.eu-west-1.amazonaws.com/bucket/cert.pem',
      'https://sns.eu-west-1.amazonaws.com/certificate.txt',
      'no address',
    ]) {
      const egress = amazon()
      expect({
        SigningCertURL,
        isGenuine: await isGenuineSns(egress, signed({ SigningCertURL }), TOPIC),
        asked: egress.asked,
      }).toEqual({ SigningCertURL, isGenuine: false, asked: [] })
    }
  })

  test('is not believed when the certificate cannot be had', async () => {
    const SigningCertURL = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-other.pem'
    const failing = { request: () => Promise.reject(new Error('no way there')) }
    expect(await isGenuineSns(failing, signed({ SigningCertURL }), TOPIC)).toBe(false)
    const odd = { request: () => Promise.resolve({ status: 200, headers: {}, body: '<html>' }) }
    expect(await isGenuineSns(odd, signed({ SigningCertURL }), TOPIC)).toBe(false)
  })
})

test('a body that is no notification is none', () => {
  expect(readSns(Buffer.from('not JSON'))).toBeNull()
  expect(readSns(Buffer.from('{"Type":"Notification"}'))).toBeNull()
  expect(readSns(Buffer.from(JSON.stringify(signed())))).toMatchObject({ TopicArn: TOPIC })
})

test('a subscription is confirmed at Amazon and nowhere else', async () => {
  const egress = amazon()
  const SubscribeURL = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t'
  await confirmSns(egress, signed({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL }))
  await confirmSns(egress, signed({ SubscribeURL: 'https://evil.example/?Action=ConfirmSubscription' }))
  expect(egress.asked).toEqual([SubscribeURL])
})

// A key of these tests and its certificate: Amazon's own are not to be had, and are not needed to check the checking.
const KEY = `-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCKH8D25YpqyiSO
AaJ6efA6dxermIAaigxGPwPiLiyE03l9EpIqiBlFQ0fgjhkfTLZG0tzEYWWQwihb
rcVrqKqWml0N1MxhxCJrE670vEP93gpNkwJkom2zlFTYamCkeMF112Ab52mHkwsH
U9e/2Q9InkO4Vh/tKqraUV4uJq45MlPfpBgR6VUqzopjGgAkUKAnMbeel4Eaq08Q
xalyj1JOVTZnjMvj4lAk2zNacK0DaVjLhMV9KRqb82Fn6U1DgXB7OfXi5O08xWiM
itmPQ6koRt3p6uxTCQ3Op2SOM9EV13eRbwiacGKgvjL38sY57h1FqvQvqjuZXVOb
3EkUQZDJAgMBAAECggEAETgILD9NVCbDC9j0UmRlKES0dLXcMnLHOPKeH1I2RpC+
cnMgOaEh1Vqf2USdqSM9DfM3hlvF95fcxCETnWo3afLwasr+d6mlyMd5ZhUaPMmz
axxKjhUZq+tv8FLCnX5YT8J7vr7Ijxgrpcwz9zyuBRWFx7Mk48IP7ot6PDKiQYrv
upladQ0Eg21XfBesicAcqV1KYbamWvAbvDdRIKZvYz+H3fkm1XAwUHqarzE3ijXD
mtDCCiP4l0mdndM0gebi5so0sc2TClSnmojpTmOSQczdQjO7lwPocy0vsDX0g2D+
PQW5pPwfCIahW/6RG9y5KKZrPHmc3YDhc3GtVpSDSQKBgQC+SyTUypHWBTOKjkWN
Sw9sJVamQdnwD99jTiG75siogfb4k7v1mIRBAX5nmtY5uIkmws8vRRK0WUDsVjKW
3rwogtc9Dzt4d86HoCCYDAxiYwo8cb1JD/gfhLr6OXiejV1zIXG9zvghXlqai7PM
7DJo9OqeSiA5aen2ZaRaFDs3XwKBgQC50SBJiGhuRnK820+ifp2wS34TdibI1HLZ
Iz3sq2/t3bLPC58NnK3H7RAduZcbIto/bUfT61GJEI5VACQO6MThRF4Zxj4UM1Uy
StcNlRyPPBVeAUP0RMYfItRy73hu10QidICvyzn2SatKocRcLkdsNDAToNP6URyJ
4lU844Pw1wKBgFT04XWrFp7xZYhnaj/hkfobVWsWnUEjJP2F5WOpbk5k76kc8957
ABixnQiORTQx4fGPKcaV1Pr1mhmphh57RI/lkkitY0SuYGOGpuabAnBufSRtNy/G
VGVl8cBDJknLHTyIYup126uyH0s+McC8dukK5zBSMb7QPWcHC/A3dhSLAoGAJa2j
F2YCjwHX+DWcQz3backVCos1uBlkJGWCBACLVLdUr6kSmmb/0f9e+jgMzOLXUG8v
VmhsAxgJVHEP3roSWf9L+Xv6UIxMJUOJseZfgSfUyVgGWHytk9izLY8jY45g8X+g
LIVP/oHXqu18bJixwN4gNYqyERrrZ4YudIdJ1McCgYAxaJ5c/aRWlS9Qv2+JW13i
tooUQNE6MHYhsdougV5Jio1ZepAVqDLbtMA/RoMo7jwl7ZEa3kmrqUt6z9xpBCKN
oqGDL2rtbFDDlgt+FuRRNL1a9G4KJTWi1QK0e7rzdx8zTgohHKZy2GY3URGgLy6G
S7A9v8jzKxc1di161qbN2w==
-----END PRIVATE KEY-----`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDGTCCAgGgAwIBAgIUVBfxpr9/ayrWYauaV4nsV0xAyQkwDQYJKoZIhvcNAQEL
BQAwGzEZMBcGA1UEAwwQc25zLnRlc3QuZXhhbXBsZTAgFw0yNjExMjgyMjQyMTla
GA8yMTI2MTEwNDIyNDIxOVowGzEZMBcGA1UEAwwQc25zLnRlc3QuZXhhbXBsZTCC
ASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAIofwPblimrKJI4Bonp58Dp3
F6uYgBqKDEY/A+IuLITTeX0SkiqIGUVDR+COGR9MtkbS3MRhZZDCKFutxWuoqpaa
XQ3UzGHEImsTrvS8Q/3eCk2TAmSibbOUVNhqYKR4wXXXYBvnaYeTCwdT17/ZD0ie
Q7hWH+0qqtpRXi4mrjkyU9+kGBHpVSrOimMaACRQoCcxt56XgRqrTxDFqXKPUk5V
NmeMy+PiUCTbM1pwrQNpWMuExX0pGpvzYWfpTUOBcHs59eLk7TzFaIyK2Y9DqShG
3enq7FMJDc6nZI4z0RXXd5FvCJpwYqC+MvfyxjnuHUWq9C+qO5ldU5vcSRRBkMkC
AwEAAaNTMFEwHQYDVR0OBBYEFFqm7b57UEFf+k/htYxlQvpnNLebMB8GA1UdIwQY
MBaAFFqm7b57UEFf+k/htYxlQvpnNLebMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZI
hvcNAQELBQADggEBAEZ/+T3SD2CJN2jllitoL3jlUgvhbCgwaJFKV2R41etAFSwL
FV1uud233XcX5PAFwfqDN5EgrI28bP/A1Nb51VFSm7xMf9bcCw8MLkhZwXgngATk
+Xl7UJNFNHbAM3817r6XvV42uoBAlOIifmJVODUMk5LS1vC1rkly3m4bPoz6C5ZU
OHcOHIolRu2DDwLmFz7pflKPjGszzUsOZQq+1XnhVWh60N7pRCF+5CNr23G0fjyB
aajoinaXEcqqvjOQfzxjQsM/36DxMVdAaOTVAZRQM39PgpIxoiCXg/2pX5sWPdHM
4qOkLnVkozcvuBeL6cUw0Tx+m58sR+qkuVvWAUY=
-----END CERTIFICATE-----
`
