import { lines } from '../../sandbox/lines';
import schema from '../../nodes/OpenGateway/__schema__/v1.0.0/device/checkRoaming.json';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();
const credential = () => openGatewayApi({ baseUrl: sandbox.baseUrl });
const phoneNumberOfItem = { phoneNumber: '={{ $json.phoneNumber }}' };

const answered = lines.filter(({ consent, status }) => consent?.given && status);

test.each(answered)('answers for a device that $description', async ({ ending, status }) => {
	const phoneNumber = `+3460000000${ending}`;
	const { outputs } = await runNode([{ phoneNumber }], {
		credential: credential(),
		parameters: phoneNumberOfItem,
	});

	const countryName = status?.countryName ?? [];
	expect(outputs[0]?.map(({ json }) => json)).toEqual([
		{
			device: { phoneNumber },
			roaming: status?.roaming,
			countryCode: status?.countryCode ?? null,
			countryName,
			country: countryName.length === 1 ? countryName[0] : null,
			lastStatusTime: null,
		},
	]);
});

test.each([
	['a phone number', { phoneNumber: '+34 600 00 00-01' }, { phoneNumber: '+34600000001' }],
	[
		'an IPv4 address',
		{ identifierType: 'ipv4Address', ipv4Address: '80.90.34.1' },
		{ ipv4Address: { publicAddress: '80.90.34.1' } },
	],
	[
		'an IPv4 address with its port',
		{ identifierType: 'ipv4Address', ipv4Address: '80.90.34.1', port: 16790 },
		{ ipv4Address: { publicAddress: '80.90.34.1', publicPort: 16790 } },
	],
	[
		'an IPv6 address',
		{ identifierType: 'ipv6Address', ipv6Address: '2001:0DB8:0:0::1' },
		{ ipv6Address: '2001:db8::1' },
	],
])('asks about a device by %s', async (_name, parameters, device) => {
	const { outputs } = await runNode([{}], { credential: credential(), parameters });

	expect(outputs[0]?.[0]?.json).toMatchObject({ device, roaming: true, country: 'DE' });
});

test('obtains a token for each device and asks about that device alone', async () => {
	const items = ['+34600000001', '+34600000002', '+34600000003'].map((phoneNumber) => ({
		phoneNumber,
	}));
	await runNode(items, { credential: credential(), parameters: phoneNumberOfItem });

	const exchanges = await sandbox.exchanges();
	const bodiesOf = (path: string) =>
		exchanges.filter((exchange) => exchange.path.endsWith(path)).map(({ body }) => body);
	expect(
		bodiesOf('/bc-authorize').map((body) => new URLSearchParams(body).get('login_hint')),
	).toEqual(items.map(({ phoneNumber }) => `tel:${phoneNumber}`));
	expect(bodiesOf('/roaming').map((body) => JSON.parse(body))).toEqual(
		items.map(({ phoneNumber }) => ({ ueId: { msisdn: phoneNumber } })),
	);
	const tokens = exchanges
		.filter(({ path }) => path.endsWith('/roaming'))
		.map(({ headers }) => headers.authorization);
	expect(new Set(tokens).size).toBe(3);
});

test('sends one correlator with all requests for an item, and another for the next item', async () => {
	const items = [{ phoneNumber: '+34600000001' }, { phoneNumber: '+34600000002' }];
	await runNode(items, { credential: credential(), parameters: phoneNumberOfItem });

	const correlators = (await sandbox.exchanges()).map(({ headers }) => headers['x-correlator']);
	expect(new Set(correlators).size).toBe(2);
	for (const correlator of new Set(correlators)) {
		expect(correlators.filter((other) => other === correlator)).toHaveLength(3);
	}
});

test('links every answer to its item', async () => {
	const items = ['2', '1', '4', '1'].map((ending) => ({ phoneNumber: `+3460000000${ending}` }));
	const { outputs } = await runNode(items, {
		credential: credential(),
		parameters: phoneNumberOfItem,
	});

	expect(outputs[0]?.map(({ json, pairedItem }) => [json.device, pairedItem])).toEqual(
		items.map(({ phoneNumber }, item) => [{ phoneNumber }, { item }]),
	);
});

test('asks for the purpose that the credential names', async () => {
	await runNode([{ phoneNumber: '+34600000001' }], {
		credential: { ...credential(), purpose: 'ServicePersonalisation' },
		parameters: phoneNumberOfItem,
	});

	const [authorization] = await sandbox.exchanges();
	expect(new URLSearchParams(authorization?.body).get('scope')).toBe(
		'dpv:ServicePersonalisation#device-status-roaming-read',
	);
});

test('completes a number without its country with the option Default Calling Code', async () => {
	const { outputs } = await runNode([{ phoneNumber: 600_000_001 }], {
		credential: credential(),
		parameters: { ...phoneNumberOfItem, options: { defaultCallingCode: '34' } },
	});

	expect(outputs[0]?.[0]?.json.device).toEqual({ phoneNumber: '+34600000001' });
});

test('shows the fields of an answer in the editor before the first run', async () => {
	const { outputs } = await runNode([{ phoneNumber: '+34600000001' }], {
		credential: credential(),
		parameters: phoneNumberOfItem,
	});

	expect(Object.keys(schema.properties)).toEqual(Object.keys(outputs[0]?.[0]?.json ?? {}));
});

test('sends nothing if there is no item', async () => {
	const { outputs, status } = await runNode([], {
		credential: credential(),
		parameters: phoneNumberOfItem,
	});

	expect(status).toBe('success');
	expect(outputs.flat()).toEqual([]);
	expect(await sandbox.exchanges()).toEqual([]);
});
