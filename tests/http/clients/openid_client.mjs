// The certified client `openid-client` against a running hub. Reads its task from standard input,
// prints what it got as JSON; whatever the client finds wrong ends it with an error.
import { readFileSync } from "node:fs";
import * as client from "openid-client";

const task = JSON.parse(readFileSync(0, "utf8"));
const server = new URL(task.issuer);
const insecure = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] };

async function authentication() {
  if (task.secret) return client.ClientSecretBasic(task.secret);
  if (!task.key) return client.None();
  const algorithm =
    task.key.kty === "EC"
      ? { name: "ECDSA", namedCurve: "P-256" }
      : { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", task.key, algorithm, false, ["sign"]);
  return client.PrivateKeyJwt(key);
}

// What the person does in their browser: look at the consent page and agree.
async function agree(address) {
  const headers = { cookie: `hub_session=${task.cookie}` };
  const page = await fetch(address, { headers, redirect: "manual" });
  if (page.status === 302) return new URL(page.headers.get("location"));
  const token = /name="form_token" value="([0-9a-f]+)"/.exec(await page.text())[1];
  const done = await fetch(address, {
    method: "POST",
    headers,
    redirect: "manual",
    body: new URLSearchParams({ form_token: token, decision: "allow" }),
  });
  return new URL(done.headers.get("location"));
}

const metadata = { id_token_signed_response_alg: task.algorithm };
const config = await client.discovery(
  server, task.client_id, metadata, await authentication(), insecure,
);
const found = { issuer: config.serverMetadata().issuer };

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const address = client.buildAuthorizationUrl(config, {
  redirect_uri: task.redirect_uri,
  scope: task.scope,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
  max_age: "3600",
});
const back = await agree(address);
found.iss = back.searchParams.get("iss");
const tokens = await client.authorizationCodeGrant(config, back, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
  maxAge: 3600,
});
found.sub = tokens.claims().sub;
found.userinfo = await client.fetchUserInfo(config, tokens.access_token, found.sub);

const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
found.rotated = renewed.refresh_token !== tokens.refresh_token;

if (task.secret || task.key) {
  found.before = await client.tokenIntrospection(config, renewed.access_token);
  await client.tokenRevocation(config, renewed.refresh_token);
  found.after = await client.tokenIntrospection(config, renewed.access_token);
  const own = await client.clientCredentialsGrant(config, { scope: "directory.read" });
  found.own = await client.tokenIntrospection(config, own.access_token);
} else {
  await client.tokenRevocation(config, renewed.refresh_token);
}
found.logout = client.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: task.redirect_uri,
}).href;
console.log(JSON.stringify(found));
