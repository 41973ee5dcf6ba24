// Journeys of an app with its own sign-in screens, with the client of @openid4vc/oauth2. It asks the test for what its user would type:
// it writes "ask NAME" and reads a line. At the end it writes "result JSON". What is not as expected ends it with an error.
//
//   node first-party-app.mjs JOURNEY ISSUER CLIENT_ID [NAME=VALUE...]

import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import {
  clientAuthenticationNone,
  decodeJwt,
  Oauth2Client,
  Oauth2ClientAuthorizationChallengeError,
  setGlobalConfig,
} from '@openid4vc/oauth2'

const [journey, issuer, clientId, ...rest] = process.argv.slice(2)
const given = Object.fromEntries(rest.map((pair) => pair.split(/=(.*)/s)))
const LIMIT = 120_000

setTimeout(() => {
  console.error('It took too long')
  process.exit(2)
}, LIMIT).unref()

// The server under test has no TLS
setGlobalConfig({ allowInsecureUrls: true })

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicJwk = publicKey.export({ format: 'jwk' })
const dpop = { signer: { method: 'jwk', alg: 'ES256', publicJwk } }

const base64url = (json) => Buffer.from(JSON.stringify(json)).toString('base64url')

const client = new Oauth2Client({
  callbacks: {
    hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    generateRandom: (length) => randomBytes(length),
    signJwt: (signer, { header, payload }) => {
      const content = `${base64url(header)}.${base64url(payload)}`
      const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' })
      return { jwt: `${content}.${signature.toString('base64url')}`, signerJwk: publicJwk }
    },
    clientAuthentication: clientAuthenticationNone({ clientId }),
  },
})

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

async function ask(what) {
  console.log(`ask ${what}`)
  return (await lines.next()).value
}

const metadata = await client.fetchAuthorizationServerMetadata(issuer)
assert.equal(metadata.authorization_challenge_endpoint, `${issuer}/authorization-challenge`)

async function send(options) {
  try {
    return await client.sendAuthorizationChallengeRequest({ authorizationServerMetadata: metadata, dpop, ...options })
  } catch (error) {
    if (!(error instanceof Oauth2ClientAuthorizationChallengeError)) {
      throw error
    }
    return error.errorResponse
  }
}

// The client makes the code challenge by itself, but the draft's response_type is for the caller to add
class Flow {
  codeVerifier = randomBytes(32).toString('base64url')

  async start(more = {}) {
    this.answer = await send({
      pkceCodeVerifier: this.codeVerifier,
      scope: 'openid',
      additionalRequestPayload: { response_type: 'code', ...more },
    })
    return this.answer
  }

  async step(members) {
    this.answer = await send({ authSession: this.answer.auth_session, additionalRequestPayload: members })
    return this.answer
  }

  async redeem() {
    const { authorization_code: authorizationCode } = this.answer.authorizationChallengeResponse
    const { accessTokenResponse } = await client.retrieveAuthorizationCodeAccessToken({
      authorizationServerMetadata: metadata,
      authorizationCode,
      pkceCodeVerifier: this.codeVerifier,
      dpop,
    })
    assert.equal(accessTokenResponse.token_type, 'DPoP')
    return accessTokenResponse
  }
}

function isStep(answer, type, failed = false) {
  assert.equal(answer.error, 'insufficient_authorization', JSON.stringify(answer))
  assert.equal(answer.challenge.type, type)
  assert.equal(answer.step_failed, failed)
}

// A browser, as far as it is needed here: it keeps cookies and follows redirects
async function browse(start) {
  const cookies = new Map()
  let url = start
  for (let i = 0; i < 5; i++) {
    const header = [...cookies].map((cookie) => cookie.join('=')).join('; ')
    const page = await fetch(url, { redirect: 'manual', headers: { cookie: header } })
    for (const cookie of page.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)
      cookies.set(name, value)
    }
    if (page.status < 300 || page.status > 399) {
      return page
    }
    url = new URL(page.headers.get('location'), url).toString()
  }
  throw new Error('Too many redirects')
}

const claims = (token) => decodeJwt({ jwt: token }).payload

const journeys = {
  async signIn() {
    const flow = new Flow()
    isStep(await flow.start(), 'password')
    isStep(await flow.step({ username: given.username, password: 'wrong' }), 'password', true)
    isStep(await flow.step({ username: given.username, password: given.password }), 'otp')
    isStep(await flow.step({ otp: '000000' }), 'otp', true)
    await flow.step({ otp: await ask('otp') })
    const tokens = await flow.redeem()
    return { username: claims(tokens.access_token).preferred_username, bound: 'jkt' in claims(tokens.access_token).cnf }
  },

  async refresh() {
    const flow = new Flow()
    await flow.start({ username: given.username, password: given.password })
    const tokens = await flow.redeem()
    const { accessTokenResponse: refreshed } = await client.retrieveRefreshTokenAccessToken({
      authorizationServerMetadata: metadata,
      refreshToken: tokens.refresh_token,
      dpop,
    })
    assert.notEqual(refreshed.access_token, tokens.access_token)
    return { username: claims(refreshed.access_token).preferred_username, type: refreshed.token_type }
  },

  async register() {
    const flow = new Flow()
    const form = await flow.start({ prompt: 'create' })
    isStep(form, 'registration')
    const wrong = await flow.step({ profile: JSON.stringify({ username: given.username, email: 'no address' }) })
    isStep(wrong, 'registration', true)
    assert.ok(wrong.challenge.errors.some((error) => error.field === 'email'))
    const profile = { username: given.username, email: given.email, firstName: 'Ada', lastName: 'Wren' }
    isStep(await flow.step({ profile: JSON.stringify(profile) }), 'email_code')
    isStep(await flow.step({ code: await ask('code') }), 'new_password')
    await flow.step({ new_password: given.password })
    const tokens = await flow.redeem()
    return { username: claims(tokens.access_token).preferred_username, verified: claims(tokens.id_token).email_verified }
  },

  async web() {
    const { authorizationRequestUrl } = await client.initiateAuthorization({
      authorizationServerMetadata: metadata,
      clientId,
      scope: 'openid',
      redirectUri: given.redirect,
      additionalRequestPayload: { response_type: 'code', username: given.username, password: given.password },
      dpop,
    })
    const page = await browse(authorizationRequestUrl)
    return {
      pushed: new URL(authorizationRequestUrl).searchParams.get('request_uri') ?? '',
      page: page.status === 200 && (await page.text()).includes('kc-form-login'),
    }
  },

  async stepUp() {
    const silver = new Flow()
    await silver.start({ username: given.username, password: given.password })
    const before = claims((await silver.redeem()).id_token).acr
    const gold = new Flow()
    isStep(await gold.start({ acr_values: 'gold', username: given.username, password: given.password }), 'otp')
    await gold.step({ otp: await ask('otp') })
    return { before, after: claims((await gold.redeem()).id_token).acr }
  },
}

console.log(`result ${JSON.stringify(await journeys[journey]())}`)
process.exit()
