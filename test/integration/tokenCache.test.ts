import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { devices } from '../support/devices';
import { runNode } from '../support/engine';
import { pathsAsked, sandboxForSuite } from '../support/suite';

/** An access token, from run to run in one process. */
const sandbox = sandboxForSuite();
beforeEach(async () => await sandbox.forgetStatistics());

const credential = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes });
const parameters = { phoneNumber: '={{ $json.phoneNumber }}' };
const onError = 'continueRegularOutput';

const times = async (path: string) =>
	(await pathsAsked(sandbox)).filter((asked) => asked === path).length;
describe('an access token', () => {
	const item = () => devices(1);

	test('is kept for the next run', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await runNode(items, setting);
		const { outputs } = await runNode(items, setting);

		expect(outputs[0]?.[0]?.json.roaming).toBe(true);
		expect(await pathsAsked(sandbox)).toEqual(['bc-authorize', 'token', 'roaming', 'roaming']);
	});

	test.each([
		['another credential with the same content', {}, {}],
		[
			'the credential once its purpose is changed',
			{ purpose: 'ServicePersonalisation' },
			undefined,
		],
		['the credential once its secret is changed', { clientSecret: 'changed' }, undefined],
	])('is not found by %s', async (_name, changes, anotherId) => {
		const items = item();
		const credentialId = randomUUID();
		await runNode(items, { credential: credential(), credentialId, parameters });
		await sandbox.forget();
		await runNode(items, {
			credential: credential(changes),
			credentialId: anotherId ? randomUUID() : credentialId,
			parameters,
			onError,
		});

		expect((await pathsAsked(sandbox))[0]).toBe('bc-authorize');
	});

	test('is used for no other device', async () => {
		const items = devices(20);
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await runNode(items, setting);
		await runNode(items.toReversed(), setting);

		const { misusedTokens, authorizations } = await sandbox.statistics();
		expect(misusedTokens).toBe(0);
		expect(authorizations).toEqual({ subscribers: 20, subscribersAgain: 0 });
	});

	test('is made anew once it has expired', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await sandbox.setAccessTokenLifetime(1);
		await runNode(items, setting);
		await sandbox.setAccessTokenLifetime();
		await new Promise((resolve) => setTimeout(resolve, 1000));
		const { outputs } = await runNode(items, setting);

		expect(outputs[0]?.[0]?.json.roaming).toBe(true);
		expect(await times('bc-authorize')).toBe(2);
	});

	test('that speaks for the application serves all devices', async () => {
		const { outputs } = await runNode(devices(10), {
			credential: credential({
				operator: 'camara',
				baseUrl: sandbox.baseUrls.camara,
				authorizationGrant: 'clientCredentials',
				clientAuthentication: 'clientSecretBasic',
				tokenUrl: `${sandbox.baseUrls.camara}/token`,
			}),
			parameters,
		});

		expect(outputs[0]).toHaveLength(10);
		expect(await times('token')).toBe(1);
		expect(await times('retrieve')).toBe(10);
	});

	test('is obtained once for executions that ask about a device at the same time', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await sandbox.setLatency(50);
		const runs = await Promise.all([1, 2, 3].map(() => runNode(items, setting)));
		await sandbox.setLatency(0);

		expect(runs.map(({ outputs }) => outputs[0]?.[0]?.json.roaming)).toEqual([true, true, true]);
		expect(await times('bc-authorize')).toBe(1);
	});

	test('is obtained for an execution that waited for it where the one that had begun is cancelled', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await sandbox.setPolling({ intervalS: 1, pending: 2 });
		const asked = async () => {
			while ((await times('token')) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		};
		const cancelled = runNode(items, { ...setting, cancelWhen: asked() });
		await asked();
		const { outputs } = await runNode(items, setting);
		await sandbox.setPolling({});

		expect((await cancelled).status).toBe('canceled');
		expect(outputs[0]?.[0]?.json.roaming).toBe(true);
	});
});
