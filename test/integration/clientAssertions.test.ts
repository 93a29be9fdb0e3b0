import { createPrivateKey, createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { openGatewayApi } from '../support/credential';
import { devices } from '../support/devices';
import { runNode } from '../support/engine';
import { sandboxForSuite } from '../support/suite';

/** The JWTs of many requests; that every key, form and algorithm works is tested elsewhere. */
const sandbox = sandboxForSuite();

test.each([
	{ application: 'privateKey', field: 'client_assertion', perDevice: 2 },
	{ application: 'jwtBearer', field: 'assertion', perDevice: 1 },
] as const)(
	'each $field of the application $application is for the URL that was called, and used once',
	async ({ application, field, perDevice }) => {
		const items = devices(100);
		const { clientId, privateKeys } = (await sandbox.applications())[application];
		const privateKey = privateKeys!.ec;
		const { outputs } = await runNode(items, {
			credential: openGatewayApi({
				baseUrl: sandbox.baseUrls.telefonica,
				authorizationGrant: application === 'jwtBearer' ? 'jwtBearer' : 'ciba',
				clientAuthentication: 'privateKeyJwt',
				clientId,
				privateKey,
				keyId: 'ec',
				signingAlgorithm: 'ES256',
			}),
		});
		expect(outputs[0]?.filter(({ json }) => 'roaming' in json)).toHaveLength(items.length);

		const publicKey = createPublicKey(createPrivateKey(privateKey));
		const signed = (await sandbox.exchanges())
			.map(({ path, headers, body }) => ({ path, headers, form: new URLSearchParams(body) }))
			.filter(({ form }) => form.has(field));
		const claims = await Promise.all(
			signed.map(async ({ path, headers, form }) => {
				expect(headers.authorization).toBeUndefined();
				// As CAMARA's profile requires of a server; the audience must be the URL that was called.
				const { payload, protectedHeader } = await jwtVerify(form.get(field)!, publicKey, {
					issuer: clientId,
					audience: new URL(path, sandbox.baseUrls.telefonica).href,
					requiredClaims: ['sub', 'iat', 'exp', 'jti'],
					maxTokenAge: 300,
				});
				expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(300);
				expect(payload.iat!).toBeLessThanOrEqual(Date.now() / 1000);
				expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'ec' });
				return payload;
			}),
		);
		expect(signed).toHaveLength(perDevice * items.length);
		expect(new Set(claims.map(({ jti }) => jti)).size).toBe(signed.length);

		if (application === 'privateKey') {
			expect(new Set(claims.map(({ sub }) => sub))).toEqual(new Set([clientId]));
			return;
		}
		// The assertion of JWT Bearer names the subscriber, and nothing authenticates beside it.
		expect(claims.map(({ sub }) => sub).sort()).toEqual(
			items.map(({ phoneNumber }) => `tel:${phoneNumber}`).sort(),
		);
		for (const [index, { form }] of signed.entries()) {
			expect([...form.keys()]).toEqual(['grant_type', 'assertion']);
			expect(claims[index]?.scope).toBe(
				'dpv:FraudPreventionAndDetection#device-status-roaming-read',
			);
		}
	},
);
