import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { lineOf } from '../../sandbox/lines';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { startFaultProxy, type FaultProxy } from '../support/faultProxy';
import { tokensSeen } from '../support/foreignTokens';
import { sandboxForSuite } from '../support/suite';

/**
 * Between the node and its operator, one request in seven meets a fault. What comes out is each
 * device's own answer or an error, whatever was lost, late or garbled on the way.
 */
const sandbox = sandboxForSuite();
let proxy: FaultProxy;

beforeAll(async () => {
	proxy = await startFaultProxy(sandbox.origin);
});
afterAll(async () => await proxy.close());

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
const rows = Object.keys(ways).flatMap((way, at) =>
	Array.from({ length: at === 0 ? 11 : 3 }, (_, seed) => [way, 100 * at + seed] as const),
);

async function credentialFor(way: string): Promise<ICredentialDataDecryptedObject> {
	const changes = ways[way]?.(await sandbox.applications());
	const camaraUrl = `${proxy.origin}/camara`;
	return openGatewayApi({
		...changes,
		baseUrl: changes?.operator === 'camara' ? camaraUrl : `${proxy.origin}/apigateway`,
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

/** Of all seeds together. */
const totals = { items: 0, answered: 0, failed: 0, wrong: 0, lost: 0, requests: 0, faults: 0 };

afterAll(() => {
	const { items, answered, failed, wrong, lost, requests, faults } = totals;
	console.log(
		`${items} items, ${rows.length} seeds, ${faults} faults in ${requests} requests: ` +
			`${answered} right answers, ${failed} errors, ${wrong} wrong answers, ${lost} lost.`,
	);
});

test.each(rows)(
	'%s, seed %i: each item gets its own answer or an error, once and in order',
	async (way, seed) => {
		const credential = await credentialFor(way);
		const phoneNumbers = phoneNumbersOf(seed);
		proxy.follow({ seed, share: SHARE });
		const { outputs, error } = await runNode(
			phoneNumbers.map((phoneNumber) => ({ phoneNumber })),
			{
				credential,
				parameters: {
					phoneNumber: '={{ $json.phoneNumber }}',
					options: { timeout: 1, retries: 4 },
				},
				onError: 'continueRegularOutput',
			},
		);

		expect(error).toBeUndefined();
		const items = outputs[0] ?? [];
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			phoneNumbers.map((_, item) => ({ item })),
		);
		const outcomes = phoneNumbers.map((phoneNumber, at) => outcomeOf(phoneNumber, items[at]?.json));
		const count = (outcome: string) => outcomes.filter((other) => other === outcome).length;
		const { requests, faults } = proxy.met();
		totals.items += ITEMS;
		totals.answered += count('answered');
		totals.failed += count('failed');
		totals.wrong += count('wrong');
		totals.lost += count('lost');
		totals.requests += requests;
		totals.faults += Object.values(faults).reduce((sum, times) => sum + times, 0);
		expect(count('wrong')).toBe(0);
		expect(count('lost')).toBe(0);
		expect(count('answered')).toBeGreaterThan(ITEMS / 2);
		expect(tokensSeen(await sandbox.exchanges()).foreign).toEqual([]);
	},
	200_000,
);

function outcomeOf(phoneNumber: string, json: IDataObject | undefined) {
	if (json === undefined) return 'lost';
	if ('error' in json) return 'failed';
	const { device, roaming, countryCode, countryName } = json;
	const right = { device: { phoneNumber }, ...truth(phoneNumber) };
	return JSON.stringify({ device, roaming, countryCode, countryName }) === JSON.stringify(right)
		? 'answered'
		: 'wrong';
}
