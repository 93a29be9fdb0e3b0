import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { devices } from '../support/devices';
import { runNode } from '../support/engine';
import { pathsAsked, sandboxForSuite } from '../support/suite';

/** Access tokens are cached in the process, from run to run. */
const sandbox = sandboxForSuite();
beforeEach(async () => await sandbox.forgetStatistics());

const credential = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes });
const ON_ERROR = 'continueRegularOutput';

/** How often this path was requested. */
const times = async (path: string) =>
	(await pathsAsked(sandbox)).filter((asked) => asked === path).length;

describe('an access token', () => {
	const item = () => devices(1);

	test('is kept for the next run', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID() };
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
		await runNode(items, { credential: credential(), credentialId });
		await sandbox.forget();
		await runNode(items, {
			credential: credential(changes),
			credentialId: anotherId ? randomUUID() : credentialId,
			onError: ON_ERROR,
		});

		expect((await pathsAsked(sandbox))[0]).toBe('bc-authorize');
	});

	test('is used for no other device', async () => {
		const items = devices(20);
		const setting = { credential: credential(), credentialId: randomUUID() };
		await runNode(items, setting);
		await runNode(items.toReversed(), setting);

		const { misusedTokens, authorizations } = await sandbox.statistics();
		expect(misusedTokens).toBe(0);
		expect(authorizations).toEqual({ subscribers: 20, subscribersAgain: 0 });
	});

	test('is obtained again once it has expired', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID() };
		await sandbox.setAccessTokenLifetime(1);
		await runNode(items, setting);
		await sandbox.setAccessTokenLifetime();
		await new Promise((resolve) => setTimeout(resolve, 1000));
		const { outputs } = await runNode(items, setting);

		expect(outputs[0]?.[0]?.json.roaming).toBe(true);
		expect(await times('bc-authorize')).toBe(2);
	});

	test('is obtained once for executions that ask about a device at the same time', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID() };
		await sandbox.setLatency(50);
		const runs = await Promise.all([1, 2, 3].map(() => runNode(items, setting)));
		await sandbox.setLatency(0);

		expect(runs.map(({ outputs }) => outputs[0]?.[0]?.json.roaming)).toEqual([true, true, true]);
		expect(await times('bc-authorize')).toBe(1);
	});
});
