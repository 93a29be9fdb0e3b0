import { subscribers } from '../../sandbox/subscribers';
import schema from '../../nodes/OpenGateway/__schema__/v1.0.0/device/checkRoaming.json';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();
const credential = (changes: object = {}) =>
	openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes });

const answered = subscribers.filter(({ consent, status }) => consent?.given && status);

test.each(answered)('the output for a device that $description', async ({ ending, status }) => {
	const phoneNumber = `+3460000000${ending}`;
	const { outputs } = await runNode([{ phoneNumber }], { credential: credential() });

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
		'a phone number without its country',
		{ phoneNumber: '600000001', options: { defaultCallingCode: '34' } },
		{ phoneNumber: '+34600000001' },
	],
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
])('a device is identified by %s, and named in the output', async (_name, parameters, device) => {
	const { outputs } = await runNode([{}], { credential: credential(), parameters });

	expect(outputs[0]?.[0]?.json).toMatchObject({ device, roaming: true, country: 'DE' });
});

test('each device has a token and a correlator of its own', async () => {
	const phoneNumbers = ['+34600000001', '+34600000002', '+34600000003'];
	const items = phoneNumbers.map((phoneNumber) => ({ phoneNumber }));
	await runNode(items, { credential: credential() });

	const exchanges = await sandbox.exchanges();
	const requests = (path: string) => exchanges.filter((one) => one.path.endsWith(path));
	const correlators = (path: string) =>
		requests(path).map(({ headers }) => String(headers['x-correlator']));
	expect(
		requests('/bc-authorize').map(({ body }) => new URLSearchParams(body).get('login_hint')),
	).toEqual(phoneNumbers.map((phoneNumber) => `tel:${phoneNumber}`));
	expect(requests('/roaming').map(({ body }) => JSON.parse(body))).toEqual(
		phoneNumbers.map((phoneNumber) => ({ ueId: { msisdn: phoneNumber } })),
	);
	expect(new Set(requests('/roaming').map(({ headers }) => headers.authorization)).size).toBe(3);
	expect(new Set(correlators('/bc-authorize')).size).toBe(3);
	for (const path of ['/token', '/roaming']) {
		expect(correlators(path).sort()).toEqual(correlators('/bc-authorize').sort());
	}
});

test('the scope has the purpose of the credential', async () => {
	await runNode([{ phoneNumber: '+34600000001' }], {
		credential: credential({ purpose: 'ServicePersonalisation' }),
	});

	const [authorization] = await sandbox.exchanges();
	expect(new URLSearchParams(authorization?.body).get('scope')).toBe(
		'dpv:ServicePersonalisation#device-status-roaming-read',
	);
});

test('the schema shows the fields of the output in the editor before the first run', async () => {
	const { outputs } = await runNode([{ phoneNumber: '+34600000001' }], {
		credential: credential(),
	});

	expect(Object.keys(schema.properties)).toEqual(Object.keys(outputs[0]?.[0]?.json ?? {}));
});

test('nothing is sent if there is no item', async () => {
	const { outputs, status } = await runNode([], { credential: credential() });

	expect(status).toBe('success');
	expect(outputs.flat()).toEqual([]);
	expect(await sandbox.exchanges()).toEqual([]);
});
