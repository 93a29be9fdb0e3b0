import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import type { Exchange } from '../../sandbox/exchanges';
import { lineOf } from '../../sandbox/lines';
import { openGatewayApi, runNode } from '../support/engine';
import { startFaultProxy, type FaultProxy } from '../support/faultProxy';
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

const ITEMS = Number(process.env.ITEMS ?? 100);
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

/** Tokens that went with a device that they were not given for. */
function strayTokens(exchanges: Exchange[]): Exchange[] {
	const given = new Map<string, string>();
	const json = (text: string): Record<string, unknown> => JSON.parse(text || '{}');
	for (const { path, body, answer, status } of exchanges) {
		if (status !== 200 || path.endsWith('/roaming') || path.endsWith('/retrieve')) continue;
		const form = new URLSearchParams(body);
		const device = form.get('login_hint') ?? given.get(form.get('auth_req_id') ?? '');
		if (device === undefined) continue;
		const { auth_req_id, access_token } = json(answer);
		given.set(String(auth_req_id ?? access_token), device);
	}
	return exchanges.filter(({ path, headers, body }) => {
		if (!path.endsWith('/roaming')) return false;
		const { ueId } = json(body) as { ueId: { msisdn: string } };
		const device = given.get(String(headers.authorization).split(' ')[1] ?? '');
		return device !== undefined && device !== `tel:${ueId.msisdn}`;
	});
}

const table: string[][] = [];

test.each(rows)(
	'%s, seed %i',
	async (way, seed) => {
		const credential = await credentialFor(way);
		const phoneNumbers = phoneNumbersOf(seed);
		proxy.follow({ seed, share: SHARE });
		const started = performance.now();
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
		const took = performance.now() - started;

		expect(error).toBeUndefined();
		const items = outputs[0] ?? [];
		const outcomes = phoneNumbers.map((phoneNumber, at) => {
			const { json, pairedItem } = items[at] ?? { json: undefined };
			if (json === undefined) return 'lost';
			expect(pairedItem).toEqual({ item: at });
			if ('error' in json) return 'error';
			const { device, roaming, countryCode, countryName } = json;
			const right = { device: { phoneNumber }, ...truth(phoneNumber) };
			return JSON.stringify({ device, roaming, countryCode, countryName }) === JSON.stringify(right)
				? 'answer'
				: 'wrong answer';
		});
		const stray = strayTokens(await sandbox.exchanges());
		const count = (what: string) => outcomes.filter((outcome) => outcome === what).length;
		const { requests, faults } = proxy.met();
		const met = Object.values(faults).reduce((sum, one) => sum + one, 0);
		const codes: Record<string, number> = {};
		for (const { json } of items) {
			const code = (json.error as IDataObject | undefined)?.code;
			if ('error' in json) codes[String(code)] = (codes[String(code)] ?? 0) + 1;
		}
		console.log(way, seed, { requests, met, took: Math.round(took), codes, faults });
		table.push([
			way,
			String(seed),
			...[items.length, count('answer'), count('error'), count('wrong answer'), count('lost')].map(
				String,
			),
			String(stray.length),
		]);
		expect(items).toHaveLength(ITEMS);
		expect(count('wrong answer')).toBe(0);
		expect(count('lost')).toBe(0);
		expect(stray).toEqual([]);
	},
	200_000,
);
