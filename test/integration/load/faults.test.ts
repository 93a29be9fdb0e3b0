import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { subscriberOf } from '../../../sandbox/subscribers';
import { openGatewayApi } from '../../support/credential';
import { runNode } from '../../support/engine';
import { startFaultProxy } from '../../support/faultProxy';
import { tokensSeen } from '../../support/foreignTokens';
import { sandboxForSuite } from '../../support/suite';

/**
 * One request in seven meets a fault between the node and its operator. The output is each
 * device's own answer or an error, whatever the proxy lost, delayed or garbled.
 */
const sandbox = sandboxForSuite();

const ITEMS = 100;
const SHARE = 0.15;

/** Every kind of subscriber; those who take long, refuse or are unknown more rarely. */
const ENDINGS = '12345612345612345678';
/** Other devices for each seed: the node keeps their tokens. */
const phoneNumbersOf = (seed: number) =>
	Array.from({ length: ITEMS }, (_, at) => {
		const digits = String(seed).padStart(3, '0') + String(at).padStart(4, '0');
		return `+346${digits}${ENDINGS[at % ENDINGS.length]}`;
	});

type Credentials = (applications: Awaited<ReturnType<typeof sandbox.applications>>) => IDataObject;

const telefonica: IDataObject = { operator: 'telefonica' };
const camara: IDataObject = { operator: 'camara' };
const variants: Record<string, Credentials> = {
	'CIBA at Telefónica': () => ({ ...telefonica, authorizationGrant: 'ciba' }),
	'JWT Bearer at Telefónica': ({ jwtBearer }) => ({
		...telefonica,
		authorizationGrant: 'jwtBearer',
		clientId: jwtBearer.clientId,
		privateKey: jwtBearer.privateKeys?.ec,
		keyId: 'ec',
		signingAlgorithm: 'ES256',
	}),
	'CIBA at CAMARA’s operator': ({ privateKey }) => ({
		...camara,
		authorizationGrant: 'ciba',
		camaraClientAuthentication: 'privateKeyJwt',
		clientId: privateKey.clientId,
		privateKey: privateKey.privateKeys?.ec,
		keyId: 'ec',
		signingAlgorithm: 'ES256',
	}),
	'Client Credentials at CAMARA’s operator': () => ({
		...camara,
		authorizationGrant: 'clientCredentials',
	}),
};
const rows = Object.keys(variants).map((variant, at) => {
	const seeds = Array.from({ length: at === 0 ? 11 : 3 }, (_, nth) => 100 * at + nth);
	return { variant, seeds };
});

async function credentialFor(
	variant: string,
	origin: string,
): Promise<ICredentialDataDecryptedObject> {
	const changes = variants[variant]?.(await sandbox.applications());
	const camaraUrl = `${origin}/camara`;
	return openGatewayApi({
		...changes,
		baseUrl: changes?.operator === 'camara' ? camaraUrl : `${origin}/apigateway`,
		tokenUrl: `${camaraUrl}/token`,
		backchannelAuthorizationUrl: `${camaraUrl}/bc-authorize`,
	});
}

/** The status of the device; `undefined` if no answer may be given about it. */
function truth(phoneNumber: string) {
	const { consent, status } = subscriberOf(phoneNumber);
	if (!consent?.given || !status) return undefined;
	const { roaming, countryCode = null, countryName = [] } = status;
	return { roaming, countryCode, countryName };
}

type Outcome = 'answered' | 'failed' | 'wrong' | 'lost';

/** The outcome of the run with this seed. */
async function run(variant: string, seed: number) {
	const proxy = await startFaultProxy(sandbox.origin, { seed, share: SHARE });
	const phoneNumbers = phoneNumbersOf(seed);
	const { outputs, error } = await runNode(
		phoneNumbers.map((phoneNumber) => ({ phoneNumber })),
		{
			credential: await credentialFor(variant, proxy.origin),
			parameters: {
				phoneNumber: '={{ $json.phoneNumber }}',
				options: { timeout: 1, retries: 4 },
			},
			onError: 'continueRegularOutput',
		},
	);
	await proxy.close();
	const { requests, faults } = proxy.met();
	const items = outputs[0] ?? [];
	const outcomes = phoneNumbers.map((phoneNumber, at) => outcomeOf(phoneNumber, items[at]?.json));
	return {
		seed,
		/** Faults per request. */
		share: Object.values(faults).reduce((one, other) => one + other, 0) / requests,
		error,
		pairedItems: items.map(({ pairedItem }) => pairedItem),
		count: (outcome: Outcome) => outcomes.filter((other) => other === outcome).length,
	};
}

test.each(rows)(
	'$variant, seeds $seeds: each item gets its own answer or an error, once and in order',
	async ({ variant, seeds }) => {
		const runs = await Promise.all(seeds.map(async (seed) => await run(variant, seed)));

		const inOrder = Array.from({ length: ITEMS }, (_, item) => ({ item }));
		expect(
			runs.map(({ count, seed, error, pairedItems }) => {
				return { seed, error, pairedItems, wrong: count('wrong'), lost: count('lost') };
			}),
		).toEqual(
			seeds.map((seed) => ({ seed, error: undefined, pairedItems: inOrder, wrong: 0, lost: 0 })),
		);
		expect(runs.filter(({ count }) => count('answered') <= ITEMS / 2)).toEqual([]);
		expect(runs.filter(({ share }) => share < SHARE / 2)).toEqual([]);
		expect(tokensSeen(await sandbox.exchanges()).foreign).toEqual([]);
	},
	200_000,
);

function outcomeOf(phoneNumber: string, json: IDataObject | undefined): Outcome {
	if (json === undefined) return 'lost';
	if ('error' in json) return 'failed';
	const { device, roaming, countryCode, countryName } = json;
	const right = { device: { phoneNumber }, ...truth(phoneNumber) };
	return JSON.stringify({ device, roaming, countryCode, countryName }) === JSON.stringify(right)
		? 'answered'
		: 'wrong';
}
