import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { lineOf } from '../../../sandbox/lines';
import { openGatewayApi } from '../../support/credential';
import { runNode } from '../../support/engine';
import { startFaultProxy } from '../../support/faultProxy';
import { tokensSeen } from '../../support/foreignTokens';
import { sandboxForSuite } from '../../support/suite';

/**
 * Between the node and its operator, one request in seven meets a fault. What comes out is each
 * device's own answer or an error, whatever was lost, late or garbled on the way.
 */
const sandbox = sandboxForSuite();

const ITEMS = 100;
const SHARE = 0.15;

/** Every kind of line; those whose owner takes long, refuses or is unknown more rarely. */
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
const ways: Record<string, Credentials> = {
	'CIBA at Telefónica': () => ({ ...telefonica, grantType: 'ciba' }),
	'JWT Bearer at Telefónica': ({ jwtBearer }) => ({
		...telefonica,
		grantType: 'jwtBearer',
		clientId: jwtBearer.clientId,
		privateKey: jwtBearer.privateKeys?.ec,
		keyId: 'ec',
		signingAlgorithm: 'ES256',
	}),
	'CIBA at CAMARA’s operator': ({ privateKey }) => ({
		...camara,
		grantType: 'ciba',
		clientAuthentication: 'privateKeyJwt',
		clientId: privateKey.clientId,
		privateKey: privateKey.privateKeys?.ec,
		keyId: 'ec',
		signingAlgorithm: 'ES256',
	}),
	'Client Credentials at CAMARA’s operator': () => ({ ...camara, grantType: 'clientCredentials' }),
};
const rows = Object.keys(ways).map((way, at) => {
	const seeds = Array.from({ length: at === 0 ? 11 : 3 }, (_, nth) => 100 * at + nth);
	return { way, seeds };
});

async function credentialFor(way: string, origin: string): Promise<ICredentialDataDecryptedObject> {
	const changes = ways[way]?.(await sandbox.applications());
	const camaraUrl = `${origin}/camara`;
	return openGatewayApi({
		...changes,
		baseUrl: changes?.operator === 'camara' ? camaraUrl : `${origin}/apigateway`,
		tokenUrl: `${camaraUrl}/token`,
		backchannelAuthorizationUrl: `${camaraUrl}/bc-authorize`,
	});
}

/** What the line is known for; nothing for one that no answer may be given about. */
function truth(phoneNumber: string) {
	const { consent, status } = lineOf(phoneNumber);
	if (!consent?.given || !status) return undefined;
	const { roaming, countryCode = null, countryName = [] } = status;
	return { roaming, countryCode, countryName };
}

type Outcome = 'answered' | 'failed' | 'wrong' | 'lost';

/** What one run comes to, by its seed. */
async function run(way: string, seed: number) {
	const proxy = await startFaultProxy(sandbox.origin, { seed, share: SHARE });
	const phoneNumbers = phoneNumbersOf(seed);
	const { outputs, error } = await runNode(
		phoneNumbers.map((phoneNumber) => ({ phoneNumber })),
		{
			credential: await credentialFor(way, proxy.origin),
			parameters: {
				phoneNumber: '={{ $json.phoneNumber }}',
				options: { timeout: 1, retries: 4 },
			},
			onError: 'continueRegularOutput',
		},
	);
	await proxy.close();
	const items = outputs[0] ?? [];
	const outcomes = phoneNumbers.map((phoneNumber, at) => outcomeOf(phoneNumber, items[at]?.json));
	return {
		seed,
		error,
		pairedItems: items.map(({ pairedItem }) => pairedItem),
		count: (outcome: Outcome) => outcomes.filter((other) => other === outcome).length,
		...proxy.met(),
	};
}

const runs: Array<Awaited<ReturnType<typeof run>>> = [];

afterAll(() => {
	const sum = (of: (one: (typeof runs)[number]) => number) =>
		runs.reduce((total, one) => total + of(one), 0);
	const outcomes = (outcome: Outcome) => sum(({ count }) => count(outcome));
	console.log(
		`${ITEMS * runs.length} items, ${runs.length} seeds, ` +
			`${sum(({ faults }) => Object.values(faults).reduce((one, other) => one + other, 0))} faults ` +
			`in ${sum(({ requests }) => requests)} requests: ` +
			`${outcomes('answered')} right answers, ${outcomes('failed')} errors, ` +
			`${outcomes('wrong')} wrong answers, ${outcomes('lost')} lost.`,
	);
});

test.each(rows)(
	'$way, seeds $seeds: each item gets its own answer or an error, once and in order',
	async ({ way, seeds }) => {
		const ofWay = await Promise.all(seeds.map(async (seed) => await run(way, seed)));
		runs.push(...ofWay);

		const inOrder = Array.from({ length: ITEMS }, (_, item) => ({ item }));
		expect(
			ofWay.map(({ count, seed, error, pairedItems }) => {
				return { seed, error, pairedItems, wrong: count('wrong'), lost: count('lost') };
			}),
		).toEqual(
			seeds.map((seed) => ({ seed, error: undefined, pairedItems: inOrder, wrong: 0, lost: 0 })),
		);
		expect(ofWay.filter(({ count }) => count('answered') <= ITEMS / 2)).toEqual([]);
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
